/**
 * The shipped rules as the text of their part of `bellwether.yaml`: what `init` writes, and what a model that leaves
 * them out is read with. One text for both, so that they cannot differ.
 */
export const RULES_YAML = `
# ---------------------------------------------------------------------------------------------------------------------
# RULES. Everything below this line is a default, not yet calibrated: a starting point from practice, not from your data.
# \`bellwether evidence\` tests it on your own customers; \`bellwether discover\` proposes better numbers.
# ---------------------------------------------------------------------------------------------------------------------

# Bands: firmographic ranges with a name. The first one that holds is the account's. They may route and qualify;
# a segment made of nothing else is a label (run \`bellwether check\`).
bands:
  size_band:                        # default, not yet calibrated
    smb: employees < 50
    mid_market: employees between 50 and 500
    enterprise: employees > 500

users:
  # Seniorities that count as executive when an account's adoption pathway is judged.
  executive_seniority: [executive, c_level, vp, founder]
  # A user's tier, first match wins. A user is judged against the own baseline and the account's median, never against
  # the crowd: low but steady use is average, not at risk.
  tiers:                            # default, not yet calibrated
    - name: dormant                 # no activity in 30 days
      when: events_30d = 0
    - name: new                     # first seen under 30 days ago, user_sequence not complete
      when: first_seen_days < 30 and coalesce(activation_depth, 0) < 1
    - name: at_risk                 # in decline, gave up a core feature, or completes far fewer workflows
      when: >-
        in_decline = 1 or core_reverted_features >= 1
        or (workflow_completion_30d <= workflow_completion_prev_30d - 0.3
        and workflow_runs_30d >= 3 and workflow_runs_prev_30d >= 3)
    - name: power                   # broad, frequent, fully activated; without a user_sequence the depth counts as 1
      when: >-
        core_features_30d >= 3 and active_days_per_week_28d >= 3
        and active_days_per_week_28d >= account_median_frequency
        and coalesce(activation_depth, 1) = 1
        and (workflow_completion_30d is null or workflow_completion_30d >= 0.5)
    - name: average                 # everybody else
      when: otherwise

# When a user is in decline: this far below the own baseline, and further than chance would go.
decline:
  min_decline: 0.4                  # default, not yet calibrated: at least 40% below
  max_z: -1.645                     # default, not yet calibrated: one in twenty by chance

# An account's behavioural cohort, first match wins.
cohorts:                            # default, not yet calibrated
  - name: Dormant
    when: active_users_30d = 0
  - name: At Risk                   # a falling trend, a sudden drop, or several users in decline
    when: >-
      (momentum_60d <= -0.5 and momentum_t_60d <= -2.5)
      or (activity_change_14d <= -0.3 and activity_z_14d <= -3)
      or (users_in_decline >= 2 and decline_share >= 0.34)
  - name: Power User
    when: >-
      activated = 1 and feature_breadth_30d >= 4
      and (power_users >= 3 or (power_users >= 1 and power_user_density >= 0.5))
  - name: Steady State
    when: active_users_30d > 0

# Archetypes: how fast an account landed, and how broadly it uses the product. First match wins.
archetypes:                         # default, not yet calibrated
  Fast and broad: activation_days <= 14 and feature_breadth_30d >= 4
  Fast but narrow: activation_days <= 14
  Slow but broad: activated = 1 and feature_breadth_30d >= 4
  Slow and narrow: activated = 1
  Never landed: activated = 0 and account_age_days >= 30

# Value: (ARR x net revenue retention) - cost to serve, ranked every Monday.
value:
  churn_grace_days: 30              # days after a contract's end before the account counts as churned
  expansion_multiplier: 1.25        # for accounts that use little of what they could; default, not yet calibrated
  below_capacity: 0.3               # "little" is under 30% of the addressable seats
  assumed_margin: 0.8               # where no cost is known; marked as assumed
  assumed_churn: 0.1                # where fewer than 10 churns were seen; marked as assumed
  tiers:                            # share of customers ranked above: top 10%, next 20%, next 30%, the rest
    Platinum: 0.1
    Gold: 0.3
    Silver: 0.6
    Bronze: 1

# Health, 0 to 100: each signal counts from poor (0) to good (1), by weight. Beside the segment, never instead of it.
health:                             # default, not yet calibrated
  - { signal: seat_breadth, poor: 0.2, good: 0.6, weight: 30 }
  - { signal: core_features_30d, poor: 1, good: 3, weight: 20 }
  - { signal: activity_change_14d, poor: -0.5, good: 0, weight: 25 }
  - { signal: power_user_density, poor: 0, good: 0.3, weight: 10 }
  - { signal: tickets_per_active_user_30d, poor: 1, good: 0.1, weight: 5 }
  - { signal: nps_latest, poor: 5, good: 9, weight: 10 }

# Weights of the composite score. Unknown dimensions are left out.
composite:                          # default, not yet calibrated
  behavioural: 40
  value: 30
  needs: 15
  firmographic: 15

# How an account moves: another answer must hold this long before it counts. Into At-Risk at once.
assignment:
  dwell_days: 7
  overlay_exit_days: 14             # out of At-Risk
  window_days: 56                   # days of answers that an assignment is a function of
  override_days: 30                 # how long a manual override lasts unless it says otherwise

# The circuit breaker: when more of the customers than this would move within a day, nothing leaves the house until
# a person has looked.
breaker:
  share: 0.2
  minimum: 20

# Without contracts, silence of this many days counts as churn.
outcomes:
  inactive_days: 90
`;

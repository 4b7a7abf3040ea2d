/**
 * The five shipped segments with their motions, and the fallback, as the text of their part of `bellwether.yaml`
 * (R082 to R086, R099 to R120, D10, D14, D19). They read shipped signals only.
 */
export const SEGMENTS_YAML = `
# Segments, in their precedence. At-Risk lies over the home segments: an account in it keeps the coverage, pricing,
# personas and indicators of the segment it would have otherwise. Each segment needs its own messaging hook, sales
# motion and pricing, or it should be merged; and its own sales play, nurture track, expansion trigger and churn
# indicators, or it is incomplete. All numbers: default, not yet calibrated.
segments:
  - name: At-Risk
    when: cohort in ('At Risk', 'Dormant') and value_tier in ('Platinum', 'Gold', 'Silver')
    dwell_days: 7                   # into At-Risk at once; out of it after assignment.overlay_exit_days
    personas: [the sponsor of the home segment, the users who stopped]
    messaging_hook: What changed for you, and the shortest way back to the result you bought us for
    sales_motion: No selling. Diagnosis first, then a success plan with dates
    pricing: The home segment's price stays; relief only as part of a written success plan
    motion:
      coverage: { model: as in the home segment }
      sales_play: >-
        Intervention: a CSM calls within 7 days to find the point of friction, an executive writes to the sponsor,
        and both sides sign a success plan
      nurture_track: Re-onboarding at the step where work stopped; no announcements of new features
      expansion_triggers:           # none of the home segment's run while an account is here; this one ends the pause
        - name: recovered
          when: activity_change_14d >= 0.1 and seat_breadth >= 0.6
          due_days: 30
          owner: csm
          steps: [Confirm with the sponsor that the plan is met, Hand the account back to its home motion]
      churn_indicators:
        - name: still_falling
          when: activity_change_14d <= -0.5
          due_days: 3
          owner: csm
          steps: [Call the sponsor, Agree on the one workflow to rescue, Escalate to the executive]
        - name: renewal_in_danger
          when: days_to_renewal <= 90 and health_score < 40
          due_days: 3
          owner: csm
          steps: [Bring the success plan to the renewal, Involve the executive sponsor]
      review_cadence: weekly

  - name: Strategic
    when: >-
      size_band = 'enterprise' and cohort = 'Power User' and value_tier in ('Platinum', 'Gold')
      and (job is null or job = 'platform')
    dwell_days: 7
    personas: [executive sponsor, platform owner, champion in each department]
    messaging_hook: Account-specific; the numbers of your own company, department by department
    sales_motion: Dedicated account executive with industry expertise, executive alignment, security and procurement plan
    pricing: Value-based, multi-year, custom packaging
    motion:
      coverage: { model: dedicated CSM, ratio: 10 }
      sales_play: >-
        Executive sponsors on both sides, a joint success plan with measurable milestones, a quarterly business review,
        early access to what comes next
      nurture_track: Roadmap sessions, security and compliance papers, peers from the same industry
      expansion_triggers:
        - name: seats_full
          when: seat_breadth >= 0.85
          due_days: 14
          owner: ae
          steps: [Show the sponsor who is waiting for a seat, Propose the next department, Put it into the quarterly review]
        - name: second_job_released
          when: second_job_released = 1
          due_days: 30
          owner: ae
          steps: [Recall the second use case that they named, Show the release in their own data]
      churn_indicators:
        - name: sponsor_gone
          when: days_since_sponsor_change <= 30 and sponsor_engaged = 0
          due_days: 7
          owner: csm
          enters_at_risk: true
          steps: [Find the successor, Brief them on the results so far, Renew the success plan with them]
        - name: rollout_stalled     # organisation-wide adoption target after a top-down start
          when: adoption_pathway = 'top_down' and account_age_days >= 180 and seat_breadth < 0.7
          due_days: 14
          owner: csm
          steps: [Compare departments, Agree on a rollout plan with the sponsor]
      renewal_cadence_days: 180
      review_cadence: quarterly

  - name: Growth
    when: >-
      size_band = 'mid_market' and cohort = 'Steady State' and value_tier in ('Gold', 'Silver')
      and expansion_potential >= 0.5
    dwell_days: 7
    personas: [head of the using team, champion, neighbouring team lead]
    messaging_hook: What teams like yours gain when the second team joins, with a case from your industry
    sales_motion: Proactive expansion outreach when usage says so, return-on-investment framework, targeted upsell
    pricing: Tiered by seats, with a bundle for the second team
    motion:
      coverage: { model: proactive CSM, ratio: 30 }
      sales_play: Expansion play from usage triggers, industry case studies, customer advisory board
      nurture_track: Before-and-after cases of the adjacent workflow, comparison of the trade-offs between plans
      expansion_triggers:
        - name: power_density       # organic demand that justifies an upgrade
          when: power_user_density >= 0.3
          due_days: 14
          owner: csm
          steps: [Collect the power users' results, Show the team lead the demand, Offer the team plan]
        - name: second_department
          when: departments_active_30d >= 2 and top_department_share <= 0.8
          due_days: 30
          owner: ae
          steps: [Meet the second department, Offer a joint rollout]
      churn_indicators:
        - name: champions_fading    # power users drop and no organisational adoption has taken hold
          when: users_in_decline >= 1 and seat_breadth < 0.7
          due_days: 7
          owner: csm
          steps: [Call the champion, Find the friction, Re-onboard the users who stopped]
        - name: team_shrinking
          when: active_users_change_30d <= -0.25
          due_days: 14
          owner: csm
          steps: [Ask what changed in the team, Invite those who left off to a session]
      renewal_cadence_days: 120
      review_cadence: semi-annual

  - name: Efficient
    when: size_band in ('smb', 'mid_market') and cohort = 'Power User' and value_tier in ('Silver', 'Bronze')
    dwell_days: 7
    personas: [hands-on owner, power user]
    messaging_hook: Product-led; the next feature that pays off for the way you already work
    sales_motion: Digital first; self-serve expansion, a person only on a red flag
    pricing: Usage-based, upgraded in the product
    motion:
      coverage: { model: pooled CSM with digital support, ratio: 75 }
      sales_play: In-app offers and mail sequences, webinars in place of single sessions
      nurture_track: Feature education by the workflow in use, community answers
      expansion_triggers:
        - name: quota_near
          when: usage_of_quota_30d >= 0.8
          due_days: 7
          owner: automation
          steps: [Show use against quota in the product, Offer the next plan with one click]
        - name: nearly_all_seats
          when: seat_breadth >= 0.95
          due_days: 14
          owner: automation
          steps: [Offer additional seats in the product]
      churn_indicators:
        - name: sessions_halved
          when: sessions_change_30d <= -0.5
          due_days: 7
          owner: pooled csm
          steps: [Send the guide for the step where work stops, Escalate to a CSM if nothing changes in a week]
        - name: support_heavy
          when: tickets_per_active_user_30d >= 0.5
          due_days: 7
          owner: pooled csm
          steps: [Read the tickets for one theme, Answer it once for all who asked]
      renewal_cadence_days: 90
      review_cadence: quarterly, automated

  - name: Long-Tail
    when: size_band = 'smb' and value_tier = 'Bronze' and cohort != 'Power User'
    dwell_days: 7
    personas: [the person who signed up]
    messaging_hook: Get the first result today, on your own
    sales_motion: Self-service; no outreach by a person
    pricing: Self-serve list price, no-touch renewal
    motion:
      coverage: { model: automated, ratio: 500 }
      sales_play: Automated onboarding with set-up wizards; knowledge base and community
      nurture_track: Self-service enablement, one short lesson a week
      expansion_triggers:
        - name: team_forming
          when: active_users_30d >= 5 and activated = 1
          due_days: 7
          owner: automation
          steps: [Offer the team plan in the product]
      churn_indicators:
        - name: below_minimum_use   # fewer than one active user in 14 days
          when: active_users_30d = 0 or days_since_last_activity >= 14
          due_days: 3
          owner: automation
          steps: [Mail the one workflow that was used most, Offer the wizard again]
      renewal_cadence_days: 60
      review_cadence: yearly, automated

# Where no segment's rule holds, or an input is unknown: nobody falls to automated coverage by accident.
fallback:
  Strategic: size_band = 'enterprise' and value_tier in ('Platinum', 'Gold')
  Growth: value_tier in ('Platinum', 'Gold')
  Efficient: value_tier = 'Silver'
  Long-Tail: otherwise
`;

import type { Model } from '../src/definition/model.ts';
import { chainSql, countAreas, countReverted, DAY, type Setting, text } from './duckdb-facts.ts';

const M7 = 2 ** 7 - 1;
const M14 = 2 ** 14 - 1;
const M28 = 2 ** 28 - 1;
const M30 = 2 ** 30 - 1;
/** Sum of squares of 0 to 59 about their mean. */
const SXX = 17995;

/**
 * SQL statements for `account_signals`: hand-written, without runs of workflows, tiers of users, sponsors, pathways,
 * needs, sales, churn rates, own signals, classes and reasons of nulls.
 *
 * `trackedFrom` is where the events begin: what an older account did before is unknown.
 */
export function accountStatements({ model, at }: Setting, trackedFrom: number): readonly string[] {
  const areaDays = model.taxonomy.features.map((_, index) => `bit_or(area_${index}) AS area_${index}`).join(', ');
  const sequence = model.activation.accountSequence;
  const since = `SELECT a.account_id, a.ms, a.event FROM activity AS a
    JOIN population AS p ON p.account_id = a.account_id AND a.ms >= p.created_ms`;
  return [
    `CREATE TEMP TABLE account_use AS
      SELECT account_id, sum(events) AS events, sum(help_events) AS help_events, bit_or(areas) AS areas, ${areaDays},
        count(*) FILTER (user_id != '' AND days & ${M7} != 0) AS active_7,
        count(*) FILTER (user_id != '' AND days & ${M30} != 0) AS active_30,
        count(*) FILTER (user_id != '' AND (days >> 30) & ${M30} != 0) AS active_prev,
        sum(bit_count(days & ${M7})) FILTER (user_id != '') AS user_days_7,
        sum(bit_count(days & ${M28})) FILTER (user_id != '') AS user_days_28,
        sum(bit_count(days & ${M30})) FILTER (user_id != '') AS user_days_30,
        sum(core_events) FILTER (user_id != '') AS core_events,
        max(events) FILTER (user_id != '') AS top_events, sum(events) FILTER (user_id != '') AS user_events
      FROM user_window GROUP BY account_id`,
    `CREATE TEMP TABLE account_seen AS
      SELECT account_id, max(last_ms) AS last_event_ms, max(last_ms) FILTER (user_id != '') AS last_active_ms
      FROM user_history GROUP BY account_id`,
    `CREATE TEMP TABLE account_sessions AS
      WITH days AS (
        SELECT account_id, k, count(*)::HUGEINT AS n FROM sessions GROUP BY ALL
      ), line AS (
        SELECT account_id, sum(n) AS n, sum(n) FILTER (k < 30) AS n_now, sum(n) FILTER (k >= 30) AS n_prev,
          2 * sum((59 - k) * n) - 59 * sum(n) AS twice_sxy, sum(n * n) AS syy FROM days GROUP BY account_id
      ), lengths AS (
        SELECT account_id, median(minutes) FILTER (k < 30) AS minutes_now, median(minutes) FILTER (k >= 30) AS minutes_prev
        FROM sessions GROUP BY account_id
      )
      SELECT l.account_id, n, coalesce(n_now, 0) AS n_now, coalesce(n_prev, 0) AS n_prev, minutes_now, minutes_prev, twice_sxy,
        4 * ${SXX} * (60 * syy - n * n) - 60 * twice_sxy * twice_sxy AS residual
      FROM line AS l JOIN lengths AS m ON m.account_id = l.account_id`,
    `CREATE TEMP TABLE account_people AS
      SELECT account_id, count(*) FILTER (has_baseline AND first_seen >= 44) AS established,
        sum(bit_count(days & ${M14})) FILTER (has_baseline AND first_seen >= 44) AS recent_days,
        sum(bit_count((days >> 14) & ${M30})) FILTER (has_baseline AND first_seen >= 44) AS base_days
      FROM user_base GROUP BY account_id`,
    `CREATE TEMP TABLE account_decline AS
      SELECT account_id, count(in_decline) AS with_baseline, sum(in_decline) AS in_decline FROM user_signals GROUP BY account_id`,
    `CREATE TEMP TABLE account_departments AS
      SELECT account_id, count(*) AS departments, max(n) / sum(n) AS top_share FROM (
        SELECT account_id, department, count(*) AS n FROM user_base
        WHERE days & ${M30} != 0 AND coalesce(department, '') != '' GROUP BY ALL
      ) GROUP BY account_id`,
    `CREATE TEMP TABLE account_chain AS ${chainSql(sequence, 'account_id', since)}`,
    `CREATE TEMP TABLE account_first AS
      SELECT p.account_id, bit_or(e.mask) FILTER (a.ms < p.created_ms + ${30 * DAY}) AS first_areas, ${primarySql(model)} AS primary_ms
      FROM activity AS a JOIN population AS p ON p.account_id = a.account_id
      LEFT JOIN event_areas AS e ON e.event = a.event
      WHERE a.ms >= p.created_ms AND a.ms < p.created_ms + ${30 * DAY} GROUP BY p.account_id`,
    `CREATE TEMP TABLE account_integrations AS
      SELECT account_id, count(DISTINCT json_extract_string(properties, '$.integration')) AS integrations FROM activity
      WHERE event IN (${integrationEvents(model)}) AND ms >= ${at - 90 * DAY} GROUP BY account_id`,
    `CREATE TEMP TABLE account_voice AS
      SELECT p.account_id, t.now AS tickets, t.prev AS tickets_prev, n.latest AS nps, c.touches
      FROM population AS p
      LEFT JOIN (
        SELECT account_id, count(*) FILTER (ms >= ${at - 30 * DAY}) AS now, count(*) FILTER (ms < ${at - 30 * DAY}) AS prev
        FROM tickets WHERE ms < ${at} AND ms >= ${at - 60 * DAY} AND user_id NOT IN (SELECT user_id FROM excluded) GROUP BY account_id
      ) AS t ON t.account_id = p.account_id
      LEFT JOIN (
        SELECT account_id, avg(score) AS latest FROM (
          SELECT account_id, coalesce(user_id, response_id) AS who, arg_max(score, ms) AS score
          FROM nps WHERE ms < ${at} AND ms >= ${at - 180 * DAY} GROUP BY ALL
        ) GROUP BY account_id
      ) AS n ON n.account_id = p.account_id
      LEFT JOIN (
        SELECT account_id, count(*) AS touches FROM touches
        WHERE ms < ${at} AND ms >= ${at - 90 * DAY} AND kind IN ('marketing', 'community') GROUP BY account_id
      ) AS c ON c.account_id = p.account_id`,
    accountSignalStatement(model, at, trackedFrom),
  ];
}

function primarySql(model: Model): string {
  const primary = model.activation.milestones.find((milestone) => milestone.isPrimary);
  if (primary?.event == null || primary.withinDays === null || primary.withinDays > 30 || primary.count !== 1) {
    throw new Error('the hand-written SQL knows a primary milestone of one event within 30 days');
  }
  return `min(a.ms) FILTER (a.event = ${text(primary.event)} AND a.ms < p.created_ms + ${primary.withinDays * DAY})`;
}

function integrationEvents(model: Model): string {
  return model.taxonomy.features.flatMap((area) => (area.isIntegration ? area.events.map(text) : [])).join(', ');
}

function accountSignalStatement(model: Model, at: number, trackedFrom: number): string {
  const steps = model.activation.accountSequence;
  const names = model.taxonomy.features.map((_, index) => `u.area_${index}`).join(', ');
  const zero = (column: string) => `coalesce(${column}, 0)`;
  const { belowCapacity, expansionMultiplier } = model.value;
  const last = steps.map((_, index) => `c.r${steps.length - 1 - index}`).join(', ');
  return `CREATE TEMP TABLE account_signals AS
    WITH base AS (
      SELECT p.account_id, p.created_ms, (${at} - p.created_ms) // ${DAY} AS age, p.created_ms < ${trackedFrom} AS is_old,
        coalesce(u.active_7, 0) AS active_7, coalesce(u.active_30, 0) AS active_30, coalesce(u.active_prev, 0) AS active_prev,
        u.user_days_7, coalesce(u.user_days_28, 0) AS user_days_28, u.user_days_30, u.core_events, u.top_events, u.user_events,
        coalesce(u.events, 0) AS events, coalesce(u.help_events, 0) AS help_events, coalesce(u.areas, 0) AS areas, ${names},
        y.last_event_ms, y.last_active_ms, coalesce(s.n, 0) AS n, coalesce(s.n_now, 0) AS n_now, coalesce(s.n_prev, 0) AS n_prev,
        s.minutes_now, s.minutes_prev, s.twice_sxy, s.residual, e.established, e.recent_days::DOUBLE AS recent_days,
        e.base_days::DOUBLE AS base_days, d.departments, d.top_share, coalesce(x.with_baseline, 0) AS with_baseline, x.in_decline,
        ${steps.map((_, index) => `(c.r${index} IS NOT NULL)::INT`).join(' + ')} AS steps, coalesce(${last}) AS stepped_ms,
        coalesce(f.first_areas, 0) AS first_areas, f.primary_ms, coalesce(i.integrations, 0) AS integrations,
        coalesce(v.tickets, 0) AS tickets, coalesce(v.tickets_prev, 0) AS tickets_prev, v.nps, coalesce(v.touches, 0) AS touches,
        k.in_force, CASE WHEN k.in_force > 0 THEN nullif(k.seats, 0) END AS seats, k.next_term_end_ms, k.is_customer, k.arr,
        nullif(k.arr_before, 0) AS arr_before, k.capacity, k.cost,
        CASE WHEN k.is_customer THEN k.arr ELSE 0 END AS arr_now
      FROM population AS p
      LEFT JOIN account_use AS u ON u.account_id = p.account_id LEFT JOIN account_seen AS y ON y.account_id = p.account_id
      LEFT JOIN account_sessions AS s ON s.account_id = p.account_id LEFT JOIN account_people AS e ON e.account_id = p.account_id
      LEFT JOIN account_decline AS x ON x.account_id = p.account_id
      LEFT JOIN account_departments AS d ON d.account_id = p.account_id LEFT JOIN account_chain AS c ON c.account_id = p.account_id
      LEFT JOIN account_first AS f ON f.account_id = p.account_id LEFT JOIN account_integrations AS i ON i.account_id = p.account_id
      LEFT JOIN account_voice AS v ON v.account_id = p.account_id LEFT JOIN standing AS k ON k.account_id = p.account_id
    )
    SELECT account_id, age AS account_age_days, seats, events AS events_30d,
      (${at} - last_event_ms) // ${DAY} AS days_since_last_event, (${at} - last_active_ms) // ${DAY} AS days_since_last_activity,
      active_7 AS active_users_7d, active_30 AS active_users_30d, active_30 / seats AS seat_breadth,
      user_days_28 / 28 / seats AS dau_seat_share, active_7 / seats AS wau_seat_share,
      user_days_30 / 30 / nullif(active_30, 0) AS stickiness, user_days_7 / 7 / nullif(active_7, 0) AS dau_wau,
      ${countAreas(model, 'areas', () => true)} AS feature_breadth_30d,
      ${countAreas(model, 'areas', (area) => area.isCore)} AS core_features_30d,
      CASE WHEN NOT is_old AND age >= 30 THEN ${countAreas(model, 'first_areas', () => true)} END AS features_first_30d,
      core_events / nullif(active_30, 0) / (30 / 7) AS feature_intensity_30d,
      n_now AS sessions_30d, minutes_now AS session_minutes_30d, n_now / nullif(n_prev, 0) - 1 AS sessions_change_30d,
      CASE WHEN n_now >= 5 AND n_prev >= 5 THEN minutes_now / nullif(minutes_prev, 0) - 1 END AS session_minutes_change_30d,
      CASE WHEN age >= 60 AND n >= 10 THEN twice_sxy / 2 / ${SXX} * 59 / (n / 60) END AS momentum_60d,
      CASE WHEN age >= 60 AND n >= 10 AND residual > 0
        THEN twice_sxy / 2 / ${SXX} / sqrt(residual / (4 * 60 * ${SXX}) / 58 / ${SXX}) END AS momentum_t_60d,
      active_30 / nullif(active_prev, 0) - 1 AS active_users_change_30d,
      CASE WHEN established > 0 THEN (recent_days / 14) / (base_days / 30) - 1 END AS activity_change_14d,
      CASE WHEN established > 0 THEN (recent_days - (recent_days + base_days) * (14 / 44))
        / sqrt((recent_days + base_days) * (14 / 44) * (1 - 14 / 44)) END AS activity_z_14d,
      integrations AS integrations_active,
      CASE WHEN age >= 60 THEN ${countReverted(model, (area) => area.isCore, zero)} END AS core_reverted_features,
      CASE WHEN age >= 60 THEN ${countReverted(model, () => true, zero)} END AS reverted_features,
      departments AS departments_active_30d, top_share AS top_department_share,
      top_events / nullif(user_events, 0) AS top_user_share_30d,
      CASE WHEN steps = ${steps.length} OR NOT is_old THEN steps / ${steps.length} END AS activation_depth,
      CASE WHEN steps = ${steps.length} AND NOT is_old THEN floor((stepped_ms - created_ms) / ${DAY} * 100 + 0.5) / 100 END AS sequence_days,
      CASE WHEN steps < ${steps.length} AND NOT is_old AND coalesce(stepped_ms, created_ms) + ${7 * DAY} <= ${at}
        THEN [${steps.map(text).join(', ')}][steps + 1] END AS stalled_step,
      CASE WHEN primary_ms IS NOT NULL THEN 1 WHEN NOT is_old THEN 0 END AS activated,
      CASE WHEN NOT is_old THEN floor((primary_ms - created_ms) / ${DAY} * 100 + 0.5) / 100 END AS activation_days,
      CASE WHEN with_baseline > 0 THEN in_decline END AS users_in_decline,
      CASE WHEN with_baseline > 0 THEN in_decline / with_baseline END AS decline_share,
      tickets AS tickets_30d, tickets - tickets_prev AS tickets_change_30d,
      tickets / nullif(active_30, 0) AS tickets_per_active_user_30d,
      help_events / nullif(help_events + tickets, 0) AS self_service_ratio_30d,
      nps AS nps_latest, touches AS engagement_touches_90d,
      arr, arr_now / arr_before AS nrr_12m, arr_now - arr_before AS arr_change_12m, cost AS cost_to_serve_12m,
      (arr - cost) / nullif(arr, 0) AS gross_margin, CASE WHEN in_force > 0 THEN seats / nullif(capacity, 0) END AS capacity_used,
      CASE WHEN in_force > 0 THEN (next_term_end_ms - ${at}) / ${DAY} END AS days_to_renewal,
      (arr * coalesce(arr_now / arr_before, 1) - cost) * CASE
        WHEN seats / nullif(capacity, 0) < ${belowCapacity} - 1e-9 AND arr * coalesce(arr_now / arr_before, 1) > cost
        THEN ${expansionMultiplier} ELSE 1 END AS value_score
    FROM base`;
}

import type { Model } from '../src/definition/model.ts';
import { chainSql, countAreas, countReverted, DAY, type Setting, text } from './duckdb-facts.ts';

const M28 = 2 ** 28 - 1;
const M30 = 2 ** 30 - 1;

/** SQL statements for `user_base`, one row for each user listed, and `user_signals`: hand-written, no runs of workflows. */
export function userStatements({ model, at }: Setting): readonly string[] {
  const areas = model.taxonomy.features.map((_, index) => `w.area_${index}`).join(', ');
  const firsts = model.taxonomy.features
    .flatMap((area, index) => (area.isEntry ? [] : [`h.first_${index}`]))
    .join(', ');
  const steps = model.activation.userSequence;
  const reached = steps.map((_, index) => `c.r${index}`).join(', ');
  return [
    `CREATE TEMP TABLE user_chain AS ${chainSql(steps, 'account_id, user_id', `SELECT * FROM activity WHERE user_id != ''`)}`,
    `CREATE TEMP TABLE user_base AS
      WITH listed AS (
        SELECT account_id, user_id FROM users WHERE coalesce(from_ms, 0) < ${at} AND user_id NOT IN (SELECT user_id FROM excluded)
        UNION SELECT account_id, user_id FROM user_history WHERE user_id != ''
      ), latest AS (
        SELECT account_id, user_id, arg_max(department, (coalesce(from_ms, 0), coalesce(to_ms, 9000000000000))) AS department
        FROM users WHERE coalesce(from_ms, 0) < ${at} GROUP BY ALL
      ), visits AS (
        SELECT account_id, user_id, count(*) AS sessions FROM sessions WHERE k < 30 GROUP BY ALL
      ), asked AS (
        SELECT account_id, user_id, count(*) AS tickets FROM tickets
        WHERE ms < ${at} AND ms >= ${at - 30 * DAY} GROUP BY ALL
      ), joined AS (
        SELECT m.account_id, m.user_id, d.department, coalesce(w.days, 0) AS days, coalesce(w.events, 0) AS events,
          coalesce(w.core_events, 0) AS core_events, coalesce(w.areas, 0) AS areas, ${areas}, ${firsts}, ${reached},
          h.first_ms, h.last_ms, (${at} - h.first_ms) // ${DAY} AS first_seen, coalesce(v.sessions, 0) AS sessions,
          coalesce(t.tickets, 0) AS tickets
        FROM listed AS m SEMI JOIN population AS p ON p.account_id = m.account_id
        LEFT JOIN latest AS d ON d.account_id = m.account_id AND d.user_id = m.user_id
        LEFT JOIN user_window AS w ON w.account_id = m.account_id AND w.user_id = m.user_id
        LEFT JOIN user_history AS h ON h.account_id = m.account_id AND h.user_id = m.user_id
        LEFT JOIN user_chain AS c ON c.account_id = m.account_id AND c.user_id = m.user_id
        LEFT JOIN visits AS v ON v.account_id = m.account_id AND v.user_id = m.user_id
        LEFT JOIN asked AS t ON t.account_id = m.account_id AND t.user_id = m.user_id
      ), windows AS (
        SELECT *, CASE WHEN first_seen >= 44 THEN 14 ELSE 7 END AS recent_days,
          CASE WHEN first_seen >= 44 THEN 30 ELSE greatest(1, least(30, first_seen - 8)) END AS base_days FROM joined
      ), counted AS (
        SELECT *, bit_count(days & ((1::UBIGINT << recent_days) - 1))::DOUBLE AS recent_active,
          bit_count((days >> recent_days) & ((1::UBIGINT << base_days) - 1))::DOUBLE AS base_active FROM windows
      )
      SELECT *, recent_active / (recent_days / 7) AS now, base_active / (base_days / 7) AS base,
        first_seen >= 15 AND base_active >= 2 AS has_baseline,
        bit_count(days & ${M28}) / (least(28, greatest(7, first_seen)) / 7) AS per_week,
        (recent_active + base_active) * (recent_days / (recent_days + base_days)) AS expected,
        ${steps.map((_, index) => `(r${index} IS NOT NULL)::INT`).join(' + ')} AS steps,
        ${steps
          .map((_, index) => `r${steps.length - 1 - index}`)
          .join(', ')
          .replace(/^/, 'coalesce(')}, first_ms) AS stepped_ms
      FROM counted`,
    userSignalStatement(model, at),
  ];
}

function userSignalStatement(model: Model, at: number): string {
  const { minDecline, maxZ } = model.decline;
  const steps = model.activation.userSequence;
  const secondary = model.taxonomy.features.flatMap((area, index) =>
    area.isEntry ? [] : [`coalesce(first_${index} < least(${at}, first_ms + ${60 * DAY}), false)::INT`],
  );
  const z = `(recent_active - expected) / sqrt(expected * (1 - recent_days / (recent_days + base_days)))`;
  const of = (column: string) => `coalesce(${column}, 0)`;
  return `CREATE TEMP TABLE user_signals AS
    WITH medians AS (
      SELECT account_id, median(per_week) AS median_frequency FROM user_base WHERE days & ${M30} != 0 GROUP BY account_id
    )
    SELECT b.account_id, b.user_id,
      first_seen AS first_seen_days,
      (${at} - last_ms) // ${DAY} AS days_since_last_activity,
      CASE WHEN first_ms IS NOT NULL THEN per_week END AS active_days_per_week_28d,
      CASE WHEN first_seen >= 15 THEN now END AS frequency_now,
      CASE WHEN has_baseline THEN base END AS frequency_baseline,
      CASE WHEN has_baseline THEN 1 - now / base END AS frequency_decline,
      CASE WHEN has_baseline THEN ${z} END AS frequency_z,
      CASE WHEN has_baseline THEN (1 - now / base >= ${minDecline} - 1e-9 AND ${z} <= ${maxZ} + 1e-9)::INT END AS in_decline,
      median_frequency AS account_median_frequency,
      ${countAreas(model, 'areas', () => true)} AS feature_breadth_30d,
      ${countAreas(model, 'areas', (area) => area.isCore)} AS core_features_30d,
      ${countAreas(model, 'areas', (area) => area.isAdvanced)} AS advanced_features_30d,
      events AS events_30d, sessions AS sessions_30d, tickets AS tickets_30d,
      CASE WHEN first_ms IS NOT NULL THEN ${secondary.join(' + ')} END AS secondary_features_60d,
      steps / ${steps.length} AS activation_depth,
      CASE WHEN first_ms IS NOT NULL AND steps < ${steps.length} AND stepped_ms + ${7 * DAY} <= ${at}
        THEN [${steps.map(text).join(', ')}][steps + 1] END AS stalled_step,
      CASE WHEN first_seen < 60 THEN NULL ELSE ${countReverted(model, (area) => area.isCore, of)} END AS core_reverted_features,
      CASE WHEN first_seen < 60 THEN NULL ELSE ${countReverted(model, () => true, of)} END AS reverted_features
    FROM user_base AS b LEFT JOIN medians AS m ON m.account_id = b.account_id`;
}

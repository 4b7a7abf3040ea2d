import type { LiveState } from '../pipeline/live-options.ts';
import type { Standing } from '../pipeline/standing.ts';

/** Whether requests can be answered, and what keeps them from it. */
export interface Readiness extends LiveState {
  readonly status: 'ready' | 'filling' | 'unready' | 'draining';
  /** What keeps it from being ready, in words for whoever operates it; empty: nothing. */
  readonly reasons: readonly string[];
}

/** With less than this a write of the engines may fail. */
const LEAST_FREE_BYTES = 500_000_000;

/** Judges how a service stands. Pure. */
export function judgeReadiness(state: LiveState, standing: Standing, isDraining: boolean): Readiness {
  const faults = [
    ...(standing.warehouse ? [] : ['the warehouse does not answer: see its log, or CLICKHOUSE_URL']),
    ...(standing.ledger ? [] : ['the ledger does not answer: see its log, or DATABASE_URL']),
    ...(standing.freeBytes !== null && standing.freeBytes < LEAST_FREE_BYTES
      ? [`only ${Math.floor(standing.freeBytes / 1e6)} MB of disk are free: the engines need room to write`]
      : []),
    ...(standing.hasSweeper === false && state.isFilled
      ? ['no process computes: the one that did has ended, and another takes over within seconds']
      : []),
  ];
  const reasons = [
    ...(isDraining ? ['it is being stopped'] : []),
    ...faults,
    ...(state.isFilled ? [] : ['accounts have not been computed since the start']),
  ];
  const status = isDraining ? 'draining' : faults.length > 0 ? 'unready' : state.isFilled ? 'ready' : 'filling';
  return { status, reasons, ...state };
}

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Settlement } from '../ingest/settle-arrivals.ts';
import type { LastArrival } from '../pipeline/last-arrivals.ts';
import type { LiveState } from '../pipeline/live-options.ts';
import type { Standing } from '../pipeline/standing.ts';

/** What metrics are read from at the moment somebody asks. */
export interface MetricsSources {
  readonly clock: () => number;
  readonly state: () => LiveState;
  /** Rows that wait to be written. */
  readonly waiting: () => number;
  readonly standing: () => Promise<Standing>;
  readonly arrivals: () => Promise<readonly LastArrival[]>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Everything that is counted of one service, for Prometheus. No label names an account, a user or a key: labels are
 * outcomes, causes, tables, sources of the model, groups of routes and codes of failures, of which there are few.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #sources: MetricsSources;
  readonly #calls = this.#counter('calls_total', 'Calls of the tracking API by what became of them', ['outcome']);
  readonly #events = this.#counter('events_total', 'Events that became facts, or were known already', ['outcome']);
  readonly #moves = this.#counter('moves_total', 'Moves that were recorded, by cause', ['cause']);
  readonly #held = this.#counter('moves_held_total', 'Moves that the circuit breaker kept back');
  readonly #errors = this.#counter('errors_total', 'Failures of ours by code', ['code']);
  readonly #landing = this.#histogram('landing_seconds', 'From a request of the tracking API to its rows on disk');
  readonly #http = this.#histogram('http_seconds', 'Requests by group of routes and class of status', [
    'group',
    'status',
  ]);
  readonly #asOf = this.#gauge('as_of_age_seconds', 'Age of the instant of which answers are true');
  readonly #swept = this.#gauge('sweep_age_seconds', 'Time since everybody was computed');
  readonly #inputs = this.#gauge('input_age_seconds', 'Time since a source of a table gave a row', ['table', 'source']);
  readonly #accounts = this.#gauge('accounts_waiting', 'Accounts that wait to be computed');
  readonly #rows = this.#gauge('rows_waiting', 'Rows that wait to be written');
  readonly #unsettled = this.#gauge('arrivals_unsettled', 'Rows on disk that are no facts yet');
  readonly #parts = this.#gauge('warehouse_parts', 'Parts on disk of the table that has the most');
  readonly #holds = this.#gauge('holds_open', 'Holds that wait for a person');
  readonly #engines = this.#gauge('engine_up', 'Whether an engine answers', ['engine']);
  readonly #sweeper = this.#gauge('is_sweeper', 'Whether this process computes');

  constructor(sources: MetricsSources) {
    this.#sources = sources;
    collectDefaultMetrics({ register: this.#registry });
    for (const outcome of ['accepted', 'refused', 'erased']) this.#calls.inc({ outcome }, 0);
    for (const outcome of ['fact', 'duplicate']) this.#events.inc({ outcome }, 0);
  }

  /** Counts the calls of one request, and how long their rows took to disk. */
  landed(
    calls: { readonly accepted: number; readonly refused: number; readonly erased: number },
    seconds: number,
  ): void {
    for (const [outcome, count] of Object.entries(calls)) this.#calls.inc({ outcome }, count);
    this.#landing.observe(seconds);
  }

  /** Counts what became facts. */
  settled({ events }: Settlement): void {
    this.#events.inc({ outcome: 'fact' }, events.accepted);
    this.#events.inc({ outcome: 'duplicate' }, events.arrived - events.accepted);
  }

  /** Counts what a computation moved. */
  refreshed(moves: readonly { readonly cause: string }[], held: number): void {
    for (const { cause } of moves) this.#moves.inc({ cause });
    this.#held.inc(held);
  }

  /** Counts a failure of ours. */
  failed(code: string): void {
    this.#errors.inc({ code });
  }

  /** Counts an answered request. */
  answered(group: string, status: number, seconds: number): void {
    this.#http.observe({ group, status: `${Math.floor(status / 100)}xx` }, seconds);
  }

  /** All of it as Prometheus reads it. An engine that does not answer is told as such, and its figures are left out. */
  async text(): Promise<string> {
    const { clock, state, waiting, standing, arrivals } = this.#sources;
    const now = clock();
    const { asOf, sweptAt, waiting: accounts, isSweeper } = state();
    this.#asOf.set(asOf === null ? Number.NaN : (now - asOf) / 1000);
    this.#swept.set(sweptAt === null ? Number.NaN : (now - sweptAt) / 1000);
    this.#accounts.set(accounts);
    this.#rows.set(waiting());
    this.#sweeper.set(isSweeper ? 1 : 0);
    const found = await standing();
    this.#engines.set({ engine: 'warehouse' }, found.warehouse ? 1 : 0);
    this.#engines.set({ engine: 'ledger' }, found.ledger ? 1 : 0);
    this.#unsettled.set(found.unsettled ?? Number.NaN);
    this.#parts.set(found.parts ?? Number.NaN);
    this.#holds.set(found.holds ?? Number.NaN);
    this.#inputs.reset();
    if (found.warehouse) {
      for (const { table, source, receivedAt } of await arrivals()) {
        this.#inputs.set({ table, source }, (now - Date.parse(receivedAt)) / 1000);
      }
    }
    return this.#registry.metrics();
  }

  #counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    return new Counter({ name: `bellwether_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge {
    return new Gauge({ name: `bellwether_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, labelNames: readonly string[] = []): Histogram {
    return new Histogram({
      name: `bellwether_${name}`,
      help,
      labelNames,
      buckets: SECONDS,
      registers: [this.#registry],
    });
  }
}

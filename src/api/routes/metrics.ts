import type { Metrics } from '../metrics.ts';
import { type Route, route } from '../route.ts';

/** What the route of metrics tells. */
export interface MetricsSide {
  readonly metrics: Metrics;
}

/** What is counted, for Prometheus. */
export const METRICS_ROUTES: readonly Route<MetricsSide>[] = [
  route({
    name: 'metrics.read',
    method: 'GET',
    path: '/metrics',
    group: 'operation',
    summary: 'What is counted, as Prometheus reads it',
    description:
      'Needs a key of scope read. With the setting BELLWETHER_METRICS=loopback also whoever asks from this machine, without a proxy in between.',
    may: 'metrics.read',
    load: 'read',
    answers: { 200: { description: 'Metrics in the text format', type: 'text/plain' } },
    refuses: [],
    handle: async ({ reply }, { metrics }: MetricsSide) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text()),
  }),
];

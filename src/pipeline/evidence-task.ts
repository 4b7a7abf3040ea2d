import { z } from 'zod';

/** What a process that computes evidence is told on its standard input. */
export const evidenceTaskSchema = z.object({
  question: z.string(),
  asOf: z.number().nullable(),
  now: z.number(),
  run: z.string(),
  file: z.string(),
  modelText: z.string(),
  warehouse: z.object({ url: z.string(), database: z.string(), cluster: z.string().optional() }),
  ledgerUrl: z.string(),
});

/** A task of such a process. */
export type EvidenceTask = z.infer<typeof evidenceTaskSchema>;

/** What it tells on its standard output: an answer as JSON, or why there is none. */
export const evidenceResultSchema = z.union([
  z.object({ asOf: z.number(), answer: z.string() }),
  z.object({ failure: z.object({ code: z.string(), message: z.string() }) }),
]);

/** How such a process ended. */
export type EvidenceResult = z.infer<typeof evidenceResultSchema>;

import { z } from 'zod';
import { testJobs } from '../../evidence/job.ts';
import type { JobRow } from '../../evidence/job_row.ts';
import { openDealings } from '../../pipeline/dealings.ts';
import { countText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { GROUP_OPTIONS, GROUP_PARTS, openPastOf, percentCell, percentSpan, ratioCell } from '../past.ts';
import { writeMoney, writeTable } from '../table.ts';

const OPTIONS = z.object({ ...GROUP_OPTIONS, conversion: countText.default(180) });

/** `bellwether evidence jobs`: which job converts at the highest rate and keeps its customers best? */
export const evidenceJobsCommand: Command = {
  name: 'evidence jobs',
  summary: 'tell how accounts convert and stay by the job they hired the product for: the wedge',
  options: [
    ...GROUP_PARTS,
    {
      syntax: '--conversion <DAYS>',
      meaning: 'days after the job was coded in which a contract counts (default: 180)',
    },
  ],
  examples: [
    { syntax: 'bellwether evidence jobs', meaning: 'conversion, retention and both together by job' },
    { syntax: 'bellwether evidence jobs --json', meaning: 'for machines' },
  ],
  json: '[{job, n, estimate, interval, conversion: {n, events, raw, estimate, interval}, conversionDays, retention, horizonDays, hazardRatio, hazardInterval, p, q, tried, verdict, wedge, expansion: {estimate, interval}, arr, needed: {reason, accounts}, selection: {accounts: [coded, not], retention, interval}, sentence}]',
  run: async (context, _, options) => {
    const { asOf = null, horizon, seed, conversion } = readOptions(options, OPTIONS);
    const past = await openPastOf(context, { asOf });
    const { history, panel, model } = past;
    const rows = testJobs(history, panel, await openDealings(past, asOf), {
      jobs: model.jobs.map(({ name }) => name),
      bands: model.bands.map(({ name }) => name),
      horizonDays: horizon,
      conversionDays: conversion,
      seed,
    });
    return { status: 0, json: rows, text: (paper) => writeReport(paper, rows, model.currency) };
  },
};

function writeReport(paper: Paper, rows: readonly JobRow[], currency: string): string {
  const [first] = rows;
  if (first === undefined) return 'No account has a coded job: there is nothing to compare.';
  const { accounts, retention } = first.selection;
  return [
    writeTable(
      paper,
      ['job', 'leads', 'convert', 'customers', 'stay', '95%', 'both', '95%', 'leave v. others', 'expand', 'ARR'],
      rows.map((row) => [
        row.job,
        row.conversion.n,
        percentCell(row.conversion.estimate),
        row.n,
        percentCell(row.retention.estimate),
        percentSpan(row.retention.interval),
        percentCell(row.estimate),
        percentSpan(row.interval),
        ratioCell(row.hazardRatio, row.hazardInterval),
        percentCell(row.expansion.estimate),
        writeMoney(row.arr, currency),
      ]),
    ),
    ...rows.map(({ sentence }) => sentence),
    `Only accounts with a coded job are compared. When they were first seen as customers ${accounts[0]} were coded, of whom ${percentCell(retention[0]) ?? '?'} stay, and ${accounts[1]} were not, of whom ${percentCell(retention[1]) ?? '?'} stay. Shares are drawn towards that of all jobs.`,
  ].join('\n\n');
}

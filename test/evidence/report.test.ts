import { describe, expect, test } from 'vitest';
import { groundOf } from '../../src/evidence/ground.ts';
import { testMilestones } from '../../src/evidence/milestone.ts';
import { POPULATIONS } from '../../src/evidence/milestone_population.ts';
import { groundSection } from '../../src/evidence/report/ground_section.ts';
import { milestoneSection } from '../../src/evidence/report/milestone_section.ts';
import { reportPage } from '../../src/evidence/report/page.ts';
import { ticks } from '../../src/evidence/report/scale.ts';
import { randomStream } from '../../src/stats/random.ts';
import { pastOf, type Told } from './past.ts';

const frame = {
  company: 'Ada & Co <script>alert("x")</script>',
  followedThrough: '2026-01-01T00:00:00.000Z',
  modelVersion: 'abcdef0123456789',
  writtenAt: new Date(Date.UTC(2026, 0, 2, 3, 4)),
};

const options = {
  windows: [30],
  counts: { times: [1], users: [] },
  horizonDays: 365,
  declared: [],
  areas: [],
  workflows: [],
};

/** Accounts of which those that export early leave less; or nobody at all. */
function pageOf(size: number): string {
  const random = randomStream(2);
  const accounts = Array.from({ length: size }, (_, index): Told => {
    const exports = random.next() < 0.5;
    const created = size > 400 ? index % 300 : 0;
    const paid = size > 400 ? created + 31 + Math.ceil((random.exponential() * 365) / (exports ? 2 : 0.7)) : created;
    const churned = paid + 40 + Math.ceil((random.exponential() * 365) / (exports ? 0.15 : 0.6));
    const did = exports ? { 'export "<all>"': [created + 3] } : {};
    return { id: `a${index}`, created, paid, churned: churned < 700 ? churned : undefined, did };
  });
  const history = pastOf(accounts, 700, [30]);
  const reports = POPULATIONS.map((population) => testMilestones(history, options, population));
  return reportPage(frame, [groundSection(groundOf(history), 'EUR'), milestoneSection(history, reports)]);
}

describe('the report', () => {
  test('is one file that asks for nothing and runs nothing', () => {
    const page = pageOf(400);
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|<link|<img|\bsrc=|url\(|https?:|@import/);
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test('writes names of the company and of events as text, whatever they hold', () => {
    const page = pageOf(400);
    expect(page).toContain('Ada &amp; Co &lt;script&gt;');
    expect(page).toContain('export &quot;&lt;all&gt;&quot;');
  });

  test('draws a curve and a forest with their tables, and says what was found', () => {
    const page = pageOf(400);
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page.match(/Show as table/g)).toHaveLength(2);
    expect(page).toContain('1 of 1 comparisons explored hold by themselves');
  });

  test('tells of trials and prospects apart, by their conversion', () => {
    const page = pageOf(500);
    expect(page).toContain('<h3>Trials and prospects</h3>');
    expect(page).toContain('convert sooner');
    expect(page).toContain('Share converted');
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test('says of a company without data that there is too little', () => {
    const page = pageOf(0);
    expect(page).toContain('nothing about retention can be tested yet');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('axes have round values within their ends', () => {
    expect(ticks([0, 365], 6)).toEqual([0, 100, 200, 300]);
    expect(ticks([0.5, 1], 5)).toEqual([0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  });
});

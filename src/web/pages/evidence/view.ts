import type { ReactNode } from 'react';
import type { Finding } from './finding.ts';

/** A row of the list under a picture. */
export interface Reading {
  readonly key: string;
  /** What it is about: a milestone, a signal, a segment. */
  readonly name: string;
  readonly finding: Finding;
  /** The figure that matters, drawn or written; absent: the sentence says all. */
  readonly figure?: ReactNode;
  /** What can be made of it. */
  readonly action?: ReactNode;
}

/** How the answer to a question is shown. */
export interface View {
  /** As the API and the command line call it. */
  readonly question: string;
  readonly title: string;
  /** What it asks, as people do. */
  readonly asks: string;
  /** What the figure beside each name is. */
  readonly figure?: string;
  /** The picture of the whole; null where there is nothing to draw yet. */
  readonly picture?: (answer: unknown) => ReactNode;
  readonly readings: (answer: unknown) => readonly Reading[];
  /** What can be done with it. */
  readonly action?: (answer: unknown, modelVersion: string) => ReactNode;
}

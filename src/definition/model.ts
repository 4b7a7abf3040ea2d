import type { Place } from '../model/diagnostic.ts';
import type { Entity, ValueType } from '../model/signal.ts';
import type { FactTableName } from '../model/table.ts';
import type { Condition } from '../rule/condition.ts';

/** A parsed `bellwether.yaml`: every default filled in, every condition parsed. Pure data. */
export interface Model {
  readonly file: string;
  readonly name: string;
  /** ISO code of the workspace's currency. */
  readonly currency: string;
  /** IANA zone of the operators: pages and due dates only. */
  readonly timezone: string;
  readonly grain: 'account' | 'parent';
  readonly sources: readonly Source[];
  readonly icp: Condition | null;
  readonly bands: readonly Band[];
  readonly taxonomy: Taxonomy;
  readonly activation: Activation;
  readonly signals: readonly OwnSignal[];
  readonly traits: readonly DeclaredTrait[];
  readonly exclude: { readonly users: Condition | null; readonly accounts: Condition | null };
  readonly users: { readonly executiveSeniority: readonly string[]; readonly tiers: readonly Class[] };
  readonly decline: DeclineParameters;
  readonly cohorts: readonly Class[];
  readonly archetypes: readonly Class[];
  readonly value: ValueParameters;
  readonly health: readonly HealthComponent[];
  readonly composite: CompositeWeights;
  readonly jobs: readonly Job[];
  readonly segments: readonly Segment[];
  readonly fallback: readonly Fallback[];
  readonly assignment: AssignmentParameters;
  readonly breaker: BreakerParameters;
  readonly outcomes: { readonly inactiveDays: number };
  /** Property of a tracked event that names its account; null: none does. */
  readonly tracking: { readonly accountProperty: string | null };
  /** Feature areas by name that are not suggested to the users of an account for which the condition holds. */
  readonly experience: { readonly suppress: readonly Class[] };
  /** As written; read by the stage that delivers. */
  readonly destinations: unknown;
  /** Dotted paths of parameters still at the shipped default ("default, not yet calibrated"). */
  readonly defaulted: readonly string[];
  /** SHA-256 of the model's meaning: equal models have equal versions, comments and order of keys aside. */
  readonly version: string;
}

/** Where files come from, and how their columns become facts. */
export interface Source {
  readonly name: string;
  readonly table: FactTableName;
  /** Path or glob, relative to the model file; `$NAME` and `${NAME}` are read from the environment by the caller. */
  readonly path: string;
  readonly format: 'csv' | 'jsonl' | 'parquet' | null;
  readonly delimiter: string | null;
  /** Target column to source expression: a column name, a quoted constant, or arithmetic and text over columns. */
  readonly columns: Readonly<Record<string, string>>;
  /** Column of the file that identifies a row, for tables whose key is all columns. */
  readonly timeFormat: string | null;
  readonly timezone: string;
  /** Rows of the file to take; text of a condition over the file's own columns. */
  readonly where: string | null;
  readonly endsInclusive: boolean;
  readonly coversFrom: Date | null;
  /** Exclusive. */
  readonly completeThrough: Date | null;
  /** Whether the tracking API carries on where the source ends. */
  readonly isContinued: boolean;
  readonly place: Place;
}

/** A named firmographic banding; the first band whose condition holds. */
export interface Band {
  readonly name: string;
  readonly bands: readonly Class[];
}

/** A name and the condition under which it applies; lists of these are read first match wins. `when` null: otherwise. */
export interface Class {
  readonly name: string;
  readonly when: Condition | null;
  readonly place: Place;
}

/** A named part of the product: its events, and what kind of part it is. */
export interface FeatureArea {
  readonly name: string;
  readonly events: readonly string[];
  readonly where: Condition | null;
  readonly isCore: boolean;
  readonly isAdvanced: boolean;
  readonly isEntry: boolean;
  readonly isHelp: boolean;
  readonly isIntegration: boolean;
  readonly place: Place;
}

/** Steps in order that a user completes within some days of the first. */
export interface Workflow {
  readonly name: string;
  readonly steps: readonly string[];
  readonly withinDays: number;
  readonly place: Place;
}

/** What counts as use: areas, workflows, proxies, and events that are nothing at all. */
export interface Taxonomy {
  readonly features: readonly FeatureArea[];
  readonly workflows: readonly Workflow[];
  readonly proxies: readonly string[];
  readonly ignore: readonly string[];
}

/** Something that an account reaches once; a hypothesis until evidence has tested it. */
export interface Milestone {
  readonly name: string;
  /** Exactly one of `event` and `workflow` is set. */
  readonly event: string | null;
  readonly workflow: string | null;
  readonly count: number;
  /** Distinct users needed; null where users are not counted. */
  readonly users: number | null;
  readonly where: Condition | null;
  readonly withinDays: number | null;
  readonly isPrimary: boolean;
  readonly allowProxy: string | null;
  readonly place: Place;
}

/** How accounts and users get to first value. */
export interface Activation {
  readonly accountSequence: readonly string[];
  readonly userSequence: readonly string[];
  readonly milestones: readonly Milestone[];
}

/** What a signal of one's own measures of its events. */
export type Measure =
  | 'count'
  | 'distinct_users'
  | 'distinct_days'
  | 'sum'
  | 'min'
  | 'max'
  | 'mean'
  | 'last'
  | 'days_since';

/** A signal of the workspace's own: a measure over events in a window, or a shipped signal with another window. */
export interface OwnSignal {
  readonly name: string;
  readonly entity: Entity;
  readonly measure: Measure | null;
  /** Event names counted; a feature area's name stands for its events. */
  readonly of: readonly string[];
  readonly property: string | null;
  readonly where: Condition | null;
  /** Null: all history. */
  readonly windowDays: number | null;
  /** Name of the shipped signal of which this is another window; `measure` is then null. */
  readonly like: string | null;
  readonly meaning: string | null;
  readonly place: Place;
}

/** An attribute beyond the columns of accounts or users, declared so that it can be checked. */
export interface DeclaredTrait {
  readonly name: string;
  readonly entity: Entity;
  readonly type: ValueType;
  readonly place: Place;
}

/** When a user is in decline: how far below the own baseline, and how far from chance. */
interface DeclineParameters {
  readonly minDecline: number;
  readonly maxZ: number;
}

/** How accounts are valued and ranked. */
export interface ValueParameters {
  readonly churnGraceDays: number;
  readonly expansionMultiplier: number;
  readonly belowCapacity: number;
  /** Name and upper rank share, ascending; the last is 1. */
  readonly tiers: readonly { readonly name: string; readonly below: number }[];
  readonly assumedMargin: number;
  readonly assumedChurn: number;
}

/** One part of the health score: a signal, its poor and good ends, and its weight. */
export interface HealthComponent {
  readonly signal: string;
  readonly poor: number;
  readonly good: number;
  readonly weight: number;
  readonly place: Place;
}

/** Weights of the dimensions in the composite score; unknown ones are left out. */
interface CompositeWeights {
  readonly behavioural: number;
  readonly value: number;
  readonly needs: number;
  readonly firmographic: number;
}

/** What customers hire the product for, and the areas that show whether it is done. */
export interface Job {
  readonly name: string;
  readonly label: string;
  readonly codebook: readonly string[];
  readonly features: readonly string[];
  readonly place: Place;
}

/** A condition that starts work: by whom, within which days, in which steps. */
export interface Trigger {
  readonly name: string;
  readonly when: Condition;
  readonly dueDays: number;
  readonly owner: string;
  readonly steps: readonly string[];
  readonly entersAtRisk: boolean;
  readonly place: Place;
}

/** How a segment is worked. */
export interface Motion {
  readonly coverage: { readonly model: string; readonly ratio: number | null } | null;
  readonly salesPlay: string | null;
  readonly nurtureTrack: string | null;
  readonly expansionTriggers: readonly Trigger[];
  readonly churnIndicators: readonly Trigger[];
  readonly renewalCadenceDays: number | null;
  readonly reviewCadence: string | null;
}

/** The one group an account is in, its rule and its motion. */
export interface Segment {
  readonly name: string;
  readonly when: Condition;
  /** True of the one segment that lies over the home segments (D10). */
  readonly isOverlay: boolean;
  readonly dwellDays: number;
  readonly personas: readonly string[];
  readonly messagingHook: string | null;
  readonly salesMotion: string | null;
  readonly pricing: string | null;
  readonly motion: Motion;
  readonly health: readonly HealthComponent[] | null;
  readonly place: Place;
}

/** One rung of the fallback; `when` null: otherwise. */
export interface Fallback {
  readonly segment: string;
  readonly when: Condition | null;
  readonly place: Place;
}

/** D11. `windowDays` counts the raw answers that an assignment is a function of. */
interface AssignmentParameters {
  readonly dwellDays: number;
  readonly overlayExitDays: number;
  readonly windowDays: number;
  readonly overrideDays: number;
}

/** D16. */
export interface BreakerParameters {
  readonly share: number;
  readonly minimum: number;
}

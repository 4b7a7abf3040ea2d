/** One name and the values of it that would give a leaf the truth that is aimed at, all else as it is. */
export interface Target {
  readonly name: string;
  /** The value must lie between these (null: no bound on that side) ... */
  readonly least: number | null;
  readonly most: number | null;
  /** ... and differ from an open bound by more than the tolerance of equality. */
  readonly isLeastOpen: boolean;
  readonly isMostOpen: boolean;
  /** Numbers or texts, one of which the value must be; null: any. */
  readonly oneOf: readonly (number | string)[] | null;
  /** Numbers or texts that the value must not be. */
  readonly noneOf: readonly (number | string)[];
  /** True: the value must become null; false: it must become known. Null: not about that. */
  readonly isNull: boolean | null;
}

/**
 * How a condition could be given a truth: by `all` of its parts, by `any` of them, or, at a `leaf`, by any one of its
 * targets. A leaf without targets cannot be moved by one value. Negations are already pushed down to the leaves.
 */
export interface Flip {
  readonly mode: 'all' | 'any' | 'leaf';
  readonly parts: readonly Flip[];
  readonly targets: readonly Target[];
  /** Of a leaf: its text, the names it reads, the truth aimed at, and whether it has that truth now. */
  readonly text: string;
  readonly names: readonly string[];
  readonly aim: boolean;
  readonly isReached: boolean;
}

/** A target of one name, unbounded but for what is given. */
export function target(name: string, fields: Partial<Omit<Target, 'name'>>): Target {
  return {
    name,
    least: null,
    most: null,
    isLeastOpen: false,
    isMostOpen: false,
    oneOf: null,
    noneOf: [],
    isNull: null,
    ...fields,
  };
}

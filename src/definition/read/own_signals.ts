import { LIKEABLE, type SignalEntry, type ValueType } from '../../model/signal.ts';
import { didYouMean } from '../../rule/nearest.ts';
import type { Path } from '../document.ts';
import type { DeclaredTrait, OwnSignal } from '../model.ts';
import { listOf, type Named, named, type Reader } from '../reader.ts';
import type { RawModel } from '../schema.ts';

type Item<T> = T extends readonly (infer Each)[] ? Each : never;
type RawSignal = Item<NonNullable<RawModel['signals']>>;
type RawTrait = Item<NonNullable<RawModel['traits']>>;
type RawTraitType = NonNullable<RawTrait['type']>;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Measures that read a property of the events. */
const NEEDS_PROPERTY: ReadonlySet<string> = new Set(['sum', 'min', 'max', 'mean', 'last']);

/** The workspace's own signals, each checked for what its measure needs. */
export function readSignals(
  raw: RawModel['signals'],
  catalogue: readonly SignalEntry[],
  reader: Reader,
): readonly OwnSignal[] {
  return named<RawSignal>(raw, ['signals'], reader).map((item) => {
    const signal = readSignal(item, reader);
    checkName(signal, item.path, catalogue, reader);
    if (signal.like === null) checkMeasure(signal, item.path, reader);
    else checkLike(signal, item, catalogue, reader);
    return signal;
  });
}

function readSignal({ name, value, path }: Named<RawSignal>, reader: Reader): OwnSignal {
  return {
    name,
    entity: value.entity ?? 'account',
    measure: value.like == null ? (value.measure ?? 'count') : null,
    of: listOf(value.of),
    property: value.property ?? null,
    where: value.where == null ? null : reader.condition([...path, 'where'], value.where),
    windowDays: value.window_days ?? null,
    like: value.like ?? null,
    meaning: value.meaning ?? null,
    place: reader.place(path),
  };
}

function checkName(signal: OwnSignal, path: Path, catalogue: readonly SignalEntry[], reader: Reader): void {
  const { name, windowDays } = signal;
  if (!NAME.test(name)) {
    reader.report(path, 'wrong-shape', `\`${name}\` cannot be a signal's name`, 'Use letters, digits and underscores.');
  }
  if (catalogue.some((entry) => entry.name === name && entry.entity === signal.entity)) {
    reader.report(path, 'duplicate-name', `\`${name}\` is a shipped signal; give yours another name`);
  }
  const said = /_(\d+)d$/.exec(name)?.[1];
  if (said === undefined || windowDays === null || Number(said) === windowDays) return;
  const advice = `Call it \`${name.replace(/_\d+d$/, `_${windowDays}d`)}\`.`;
  reader.report(path, 'name-lies', `\`${name}\` says ${said} days, but its window is ${windowDays} days`, advice);
}

function checkMeasure(signal: OwnSignal, path: Path, reader: Reader): void {
  if (signal.of.length === 0) {
    reader.report(path, 'missing-key', 'it needs `of` (an event or feature area), or `like` (a shipped signal)');
  }
  const measure = signal.measure ?? 'count';
  if (NEEDS_PROPERTY.has(measure) && signal.property === null) {
    reader.report(path, 'missing-key', `\`${measure}\` needs a \`property\` of the events`);
  }
}

function checkLike(signal: OwnSignal, item: Named<RawSignal>, catalogue: readonly SignalEntry[], reader: Reader): void {
  const like = signal.like ?? '';
  const at = [...item.path, 'like'];
  if (item.value.measure != null || item.value.of != null) {
    reader.report(
      item.path,
      'wrong-shape',
      '`like` takes everything but the window from a shipped signal; leave `measure` and `of` out',
    );
  }
  if (signal.windowDays === null) reader.report(item.path, 'missing-key', '`like` needs `window_days`');
  const candidates = catalogue.filter((entry) => entry.entity === signal.entity);
  if (!candidates.some((entry) => entry.name === like)) {
    const advice = didYouMean(
      like,
      candidates.map((entry) => entry.name),
    );
    reader.report(at, 'unknown-name', `there is no shipped ${signal.entity} signal \`${like}\``, advice);
  } else if (!LIKEABLE[signal.entity].includes(like)) {
    const others = LIKEABLE[signal.entity].join(', ');
    reader.report(at, 'wrong-shape', `\`${like}\` has no window that could be another`, `These have: ${others}.`);
  }
}

const TRAIT_TYPES: Readonly<Record<RawTraitType, ValueType>> = {
  number: 'number',
  integer: 'number',
  float: 'number',
  text: 'text',
  string: 'text',
  flag: 'flag',
  boolean: 'flag',
  bool: 'flag',
  list: 'list',
  day: 'day',
  date: 'day',
};

/** Declared traits; `string`, `boolean` and `date` are other words for text, flag and day. */
export function readTraits(raw: RawModel['traits'], reader: Reader): readonly DeclaredTrait[] {
  return named<RawTrait | RawTraitType>(raw, ['traits'], reader).map(({ name, value, path }) => {
    const trait: RawTrait = typeof value === 'string' ? { type: value } : value;
    if (!NAME.test(name)) {
      reader.report(
        path,
        'wrong-shape',
        `\`${name}\` cannot be a trait's name in conditions`,
        'Use letters, digits and underscores.',
      );
    }
    return {
      name,
      entity: trait.entity ?? 'account',
      type: TRAIT_TYPES[trait.type ?? 'text'],
      place: reader.place(path),
    };
  });
}

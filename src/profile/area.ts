import type { FeatureArea, Model } from '../definition/model.ts';
import { compileCondition } from '../rule/compile.ts';
import type { Condition } from '../rule/condition.ts';
import { quote, quoteList } from './plan.ts';

/** Bits per mask word. */
const WORD = 64;

/** A feature area and its bit in the masks of `user_days`. */
export interface AreaBit {
  readonly area: FeatureArea;
  readonly index: number;
  readonly word: number;
  readonly bit: number;
}

/** Every feature area of the model with its bit. */
export function areaBits(model: Model): readonly AreaBit[] {
  return model.taxonomy.features.map((area, index) => ({
    area,
    index,
    word: Math.floor(index / WORD),
    bit: index % WORD,
  }));
}

/** Number of mask words that the model's areas need; at least one. */
function wordCount(model: Model): number {
  return Math.max(1, Math.ceil(model.taxonomy.features.length / WORD));
}

/** SQL: whether an event is of the area. Reads `event` and, for an area with a `where`, `properties`. */
export function areaCondition(area: FeatureArea): string {
  const named = `event IN ${quoteList(area.events)}`;
  return area.where === null ? named : `(${named} AND ifNull(${eventCondition(area.where)}, 0) = 1)`;
}

/** SQL: a condition over one event: its properties and its columns. */
export function eventCondition(condition: Condition): string {
  return compileCondition(condition, {
    columnOf: eventColumn,
    typeOf: (name) => (name.startsWith('properties.') ? 'property' : 'text'),
    asOf: `toDate32('1970-01-01')`,
  });
}

/** SQL: what a name in an event's condition reads; null where the event has no such property. */
export function eventColumn(name: string): string {
  if (!name.startsWith('properties.')) return `nullIf(toString(${name}), '')`;
  const key = quote(name.slice('properties.'.length));
  return `if(mapContains(properties, ${key}), toNullable(properties[${key}]), NULL)`;
}

/** Whether any area looks at properties, so that they must be read. */
export function readsProperties(model: Model): boolean {
  return model.taxonomy.features.some((area) => area.where !== null);
}

/** SQL: one mask word of the areas that an event belongs to. */
export function areaMask(model: Model, word: number): string {
  const bits = areaBits(model).filter((entry) => entry.word === word);
  const plain = bits.filter((entry) => entry.area.where === null);
  const masks = new Map<string, bigint>();
  for (const { area, bit } of plain) {
    for (const event of area.events) masks.set(event, (masks.get(event) ?? 0n) | (1n << BigInt(bit)));
  }
  const parts = bits
    .filter((entry) => entry.area.where !== null)
    .map((entry) => `if(${areaCondition(entry.area)}, ${literal(1n << BigInt(entry.bit))}, toUInt64(0))`);
  if (masks.size > 0) {
    const names = [...masks.keys()].map(quote).join(', ');
    const values = [...masks.values()].map(literal).join(', ');
    parts.push(`transform(event, [${names}], [${values}], toUInt64(0))`);
  }
  return parts.length === 0 ? 'toUInt64(0)' : parts.reduce((left, right) => `bitOr(${left}, ${right})`);
}

/** SQL: whether masks named `<prefix><word>` hold an area for which `pick` is true. */
export function anyArea(model: Model, prefix: string, pick: (area: FeatureArea) => boolean): string {
  return orWords(model, pick, (word, mask) => `bitAnd(${prefix}${word}, ${mask}) != 0`);
}

/** SQL: how many areas for which `pick` is true the masks named `<prefix><word>` hold. */
export function countAreas(model: Model, prefix: string, pick: (area: FeatureArea) => boolean): string {
  const parts = wordMasks(model, pick).map(({ word, mask }) => `bitCount(bitAnd(${prefix}${word}, ${mask}))`);
  return parts.length === 0 ? 'toUInt64(0)' : `(${parts.join(' + ')})`;
}

function orWords(
  model: Model,
  pick: (area: FeatureArea) => boolean,
  test: (word: number, mask: string) => string,
): string {
  const parts = wordMasks(model, pick).map(({ word, mask }) => test(word, mask));
  return parts.length === 0 ? '0' : `(${parts.join(' OR ')})`;
}

function wordMasks(model: Model, pick: (area: FeatureArea) => boolean): { word: number; mask: string }[] {
  const words = new Map<number, bigint>();
  for (const { area, word, bit } of areaBits(model)) {
    if (pick(area)) words.set(word, (words.get(word) ?? 0n) | (1n << BigInt(bit)));
  }
  return [...words].map(([word, mask]) => ({ word, mask: literal(mask) }));
}

function literal(mask: bigint): string {
  return `toUInt64(${mask})`;
}

/** The words of the masks, for lists of columns. */
export function words(model: Model): readonly number[] {
  return Array.from({ length: wordCount(model) }, (_, word) => word);
}

import type { Diagnostic } from '../model/diagnostic.ts';
import type { SignalEntry } from '../model/signal.ts';
import { MODEL_CHECKS } from './check/list.ts';
import { checkConditions } from './conditions.ts';
import { defaultedPaths } from './defaulted.ts';
import { SHIPPED } from './defaults.ts';
import { findCycles } from './derivation.ts';
import { readDocument } from './document.ts';
import { readShape } from './faults.ts';
import type { Model } from './model.ts';
import { buildModel } from './read/model.ts';
import { defaultReader, fileReader } from './reader.ts';
import { versionOf } from './version.ts';

/** Where a model's text comes from, and the shipped signals that its conditions may name. */
export interface ParseOptions {
  readonly file: string;
  readonly catalogue: readonly SignalEntry[];
}

/** A model, or the errors that prevented it; warnings may stand beside a model. */
export interface ParsedModel {
  readonly model: Model | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads `bellwether.yaml`: syntax, shape, conditions and their types, all faults at once and in the order of the file.
 *
 * What the text leaves out takes the shipped default; `model.defaulted` lists every parameter that is still at it.
 * An error anywhere refuses the whole model: half a model would move accounts for reasons nobody wrote.
 */
export function parseModel(text: string, options: ParseOptions): ParsedModel {
  const { document, diagnostics: faults } = readDocument(text, options.file);
  const isReadable = faults.every((fault) => fault.code === 'duplicate-key');
  if (!isReadable) return { model: null, diagnostics: inOrder(faults) };
  const diagnostics: Diagnostic[] = [...faults];
  const shape = readShape(document);
  diagnostics.push(...shape.diagnostics);
  const draft = buildModel({
    raw: shape.raw,
    file: options.file,
    catalogue: options.catalogue,
    own: fileReader(document, diagnostics),
    shipped: defaultReader(options.file, diagnostics),
  });
  diagnostics.push(...checkConditions(draft, options.catalogue));
  diagnostics.push(...findCycles(draft));
  const findings = MODEL_CHECKS.flatMap((check) => check.find({ model: draft, catalogue: options.catalogue }));
  diagnostics.push(...findings.filter((finding) => finding.severity === 'error'));
  const hasErrors = diagnostics.some((diagnostic) => diagnostic.severity === 'error');
  return { model: hasErrors ? null : finish(draft, options), diagnostics: inOrder(diagnostics) };
}

function finish(draft: Model, options: ParseOptions): Model {
  return { ...draft, defaulted: defaultedPaths(draft, shippedModel(options)), version: versionOf(draft) };
}

/** The model that the shipped rules alone make. */
function shippedModel(options: ParseOptions): Model {
  const reader = defaultReader(options.file, []);
  return buildModel({ raw: SHIPPED, file: options.file, catalogue: options.catalogue, own: reader, shipped: reader });
}

/** By place, so that an author reads top down; what has no line comes last. Repeats are told once. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const distinct = new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic]));
  const rank = ({ place }: Diagnostic) => (place.line ?? 1e9) * 1e4 + (place.column ?? 0);
  return [...distinct.values()].toSorted((a, b) => rank(a) - rank(b));
}

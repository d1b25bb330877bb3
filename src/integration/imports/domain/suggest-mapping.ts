import { bestAssignment } from './best-assignment.js';
import type { ColumnMapping } from './column-mapping.js';
import { headerKey, headerWords, likeness } from './header-words.js';
import { mayBe, tellThemselves } from './value-fit.js';

/** A column of ours; the last part of its name may be open, as in `externalIds.<system>`. */
export interface WantedColumn {
  readonly name: string;
  readonly type: string;
  readonly required?: boolean;
  readonly aliases: readonly string[];
  readonly telling?: RegExp;
  readonly looks?: RegExp;
}

/** A column of the file, with some of its values. */
export interface FileColumn {
  readonly name: string;
  readonly values: readonly string[];
}

/** How often imports took a header of this file for a column of ours. */
export interface LearnedHeader {
  readonly fileColumn: string;
  readonly column: string;
  readonly uses: number;
}

export type Because = 'learned' | 'same_name' | 'alias' | 'similar' | 'values';

export interface SuggestedColumn {
  /** The file's. */
  readonly column: string;
  /** Ours. */
  readonly suggestedFor: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly because: Because;
}

export interface Suggestion {
  /** How well the file fits, 0 to 1, to compare resources by. */
  readonly score: number;
  readonly mapping: ColumnMapping;
  readonly columns: readonly SuggestedColumn[];
  /** Required columns of ours that were not found. */
  readonly missing: readonly string[];
  /** Columns of the file that nothing was suggested for. */
  readonly unmapped: readonly string[];
}

interface Evidence {
  readonly confidence: number;
  readonly because: Because;
}

/** A name of ours that may be mapped to, and the column it belongs to. */
interface Target {
  readonly name: string;
  readonly column: WantedColumn;
  readonly key: string;
  readonly aliases: readonly { readonly key: string; readonly words: readonly string[] }[];
}

const LEARNED = 0.99;
const SAME_NAME = 0.97;
const ALIAS = 0.95;
/** Aliases are listed the likeliest first; each behind is a little less sure. */
const PER_RANK = 0.002;
const LEAST_ALIAS = 0.85;
const SIMILAR = 0.8;
/** Two headers of two words each that share one are not alike. */
const LEAST_LIKENESS = 0.6;
const BY_VALUES = 0.6;
/** Less sure than this is no suggestion. */
const LEAST = 0.45;

const OPEN_END = /<(\w+)>$/;

/**
 * Which column of the file is probably which of ours: each is suggested once at most, so that all together are as sure as
 * can be. Certainty counts by its square, so that one sure pair is not given up for two doubtful ones.
 * @param system what stands for `<system>` where nothing says which it is.
 */
export function suggestMapping(file: readonly FileColumn[], wanted: readonly WantedColumn[], learned: readonly LearnedHeader[], system: string): Suggestion {
  const targets = targetsOf(file, wanted, learned, system);
  const headers = file.map(({ name }) => ({ words: headerWords(name), key: headerKey(name) }));
  const evidence = targets.map((target) => file.map((column, at) => evidenceFor(target, column, headers[at]!, learned)));
  const pairs = bestAssignment(evidence.map((row) => row.map((one) => (one ? one.confidence ** 2 : 0))));
  const columns = pairs.flatMap((at, row): SuggestedColumn[] => {
    const found = at === undefined ? undefined : evidence[row]![at];
    return found ? [{ column: file[at!]!.name, suggestedFor: targets[row]!.name, ...found }] : [];
  });
  const suggested = new Set(columns.map(({ column }) => column));
  const filled = new Set(pairs.flatMap((at, row) => (at === undefined ? [] : [targets[row]!.column])));
  return {
    score: scoreOf(columns, file, wanted, filled),
    mapping: Object.fromEntries(columns.map(({ column, suggestedFor }) => [suggestedFor, { column }])),
    columns,
    missing: wanted.filter((column) => column.required && !filled.has(column)).map(({ name }) => name),
    unmapped: file.filter(({ name }) => !suggested.has(name)).map(({ name }) => name),
  };
}

/** Closed columns as they are; open ones under the names that this file's headers or former imports give them. */
function targetsOf(file: readonly FileColumn[], wanted: readonly WantedColumn[], learned: readonly LearnedHeader[], system: string): Target[] {
  return wanted.flatMap((column) => {
    const [end, word] = OPEN_END.exec(column.name) ?? [];
    if (end === undefined) return [targetOf(column.name, column)];
    const prefix = column.name.slice(0, -end.length);
    const named = [...file.map(({ name }) => name), ...learned.map((one) => one.column)].filter((name) => name.startsWith(prefix) && /^[\w-]{1,40}$/.test(name.slice(prefix.length)));
    const names = named.length === 0 && word === 'system' ? [prefix + system] : [...new Set(named)];
    return names.map((name) => targetOf(name, column));
  });
}

function targetOf(name: string, column: WantedColumn): Target {
  return { name, column, key: headerKey(name), aliases: column.aliases.map((alias) => ({ key: headerKey(alias), words: headerWords(alias) })) };
}

function evidenceFor(target: Target, file: FileColumn, header: { readonly words: readonly string[]; readonly key: string }, learned: readonly LearnedHeader[]): Evidence | undefined {
  const found = [
    learnedFor(target, file, learned),
    mayBe(target.column, file.values) ? nameEvidence(target, header) : undefined,
    tellThemselves(target.column.telling, file.values) ? { confidence: BY_VALUES, because: 'values' as const } : undefined,
  ].filter((one) => one !== undefined);
  const surest = found.reduce<Evidence | undefined>((best, one) => (best && best.confidence >= one.confidence ? best : one), undefined);
  return surest && surest.confidence >= LEAST ? { ...surest, confidence: Math.round(surest.confidence * 1000) / 1000 } : undefined;
}

/** As sure as imports agreed about the header. */
function learnedFor({ name }: Target, file: FileColumn, learned: readonly LearnedHeader[]): Evidence | undefined {
  const ofHeader = learned.filter(({ fileColumn }) => fileColumn === file.name);
  const uses = ofHeader.find(({ column }) => column === name)?.uses ?? 0;
  if (uses === 0) return undefined;
  return { confidence: LEARNED * (uses / ofHeader.reduce((sum, one) => sum + one.uses, 0)), because: 'learned' };
}

function nameEvidence({ key, aliases }: Target, header: { readonly words: readonly string[]; readonly key: string }): Evidence | undefined {
  if (header.key === '') return undefined;
  if (header.key === key) return { confidence: SAME_NAME, because: 'same_name' };
  const rank = aliases.findIndex((alias) => alias.key === header.key);
  if (rank >= 0) return { confidence: Math.max(LEAST_ALIAS, ALIAS - PER_RANK * rank), because: 'alias' };
  const alike = Math.max(0, ...aliases.map(({ words }) => likeness(words, header.words)));
  return alike >= LEAST_LIKENESS ? { confidence: SIMILAR * alike, because: 'similar' } : undefined;
}

/** How much of the smaller side is explained; less where required columns are missing, since then the file is of another kind. */
function scoreOf(columns: readonly SuggestedColumn[], file: readonly FileColumn[], wanted: readonly WantedColumn[], filled: ReadonlySet<WantedColumn>): number {
  const required = wanted.filter((column) => column.required);
  const found = required.filter((column) => filled.has(column)).length;
  const explained = columns.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(1, Math.min(file.length, wanted.length));
  return Math.round(Math.min(1, explained) * ((1 + found) / (1 + required.length)) * 1000) / 1000;
}

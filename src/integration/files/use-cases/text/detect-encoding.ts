import { chardet } from 'jschardet';
import type { Encoding, KnownEncoding } from '../../domain/encoding.js';
import { decoderOf } from './strict-decoder.js';

/** Lines with other bytes than ASCII are looked at up to here: enough to tell scripts apart, and a few milliseconds of work. */
const LOOKED_AT_BYTES = 4096;
/** The best of the candidates must be this many times as likely as the next to be more than a guess. */
const CLEARLY = 1.5;
/** UTF-8 with this many characters beyond ASCII is no other encoding by accident. */
const NO_ACCIDENT = 4;
/** A file whose lines are nearly all UTF-8 is UTF-8 with damaged lines. */
const NEARLY_ALL = 0.9;
const FEWEST_LINES = 10;
const LF = 0x0a;
/** Bytes below this are whole characters in every encoding of ours, so a text may be cut behind them. */
const LEAST_TRAILING_BYTE = 0x30;

const CANDIDATES: Readonly<Record<string, Encoding>> = {
  gb18030: 'gb18030', big5: 'big5', shift_jis: 'shift_jis', cp932: 'shift_jis', 'euc-jp': 'euc-jp', 'euc-kr': 'euc-kr', cp949: 'euc-kr',
  'windows-1250': 'windows-1250', 'windows-1251': 'windows-1251', 'windows-1252': 'windows-1252', 'iso-8859-1': 'windows-1252',
};

interface Candidate {
  readonly encoding: Encoding;
  readonly likelihood: number;
}

/**
 * The encoding of 8-bit text, from whole lines of it. UTF-8 is tried first and strictly, because it refuses nearly
 * everything else; then the statistics of `jschardet`, each answer of which must fit every byte; then GB18030, which
 * shops here use most.
 */
export function detectEncoding(lines: Uint8Array): KnownEncoding {
  const beyondAscii = linesBeyondAscii(lines);
  if (beyondAscii.length === 0) return { encoding: 'utf-8', grounds: 'certain' };
  const sample = Buffer.concat(beyondAscii);
  if (fits('utf-8', sample)) return { encoding: 'utf-8', grounds: charactersIn(sample) >= NO_ACCIDENT ? 'certain' : 'likely' };
  if (isDamagedUtf8(beyondAscii)) return { encoding: 'utf-8', grounds: 'likely' };

  const [best, next] = candidatesFor(sample);
  if (!best) return { encoding: fits('gb18030', sample) ? 'gb18030' : 'windows-1252', grounds: 'guessed' };
  if (best.encoding === 'windows-1250' && readsAlike(sample, 'windows-1250', 'windows-1252')) return { encoding: 'windows-1252', grounds: 'guessed' };
  return { encoding: best.encoding, grounds: best.likelihood >= CLEARLY * (next?.likelihood ?? 0) ? 'likely' : 'guessed' };
}

function linesBeyondAscii(text: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  let bytes = 0;
  for (let start = 0; start < text.length && bytes < LOOKED_AT_BYTES; ) {
    const feed = text.indexOf(LF, start);
    const end = feed === -1 ? text.length : feed + 1;
    const line = text.subarray(start, end);
    if (line.some((byte) => byte >= 0x80)) {
      found.push(line.length > LOOKED_AT_BYTES ? beginningOf(line) : line);
      bytes += line.length;
    }
    start = end;
  }
  return found;
}

function beginningOf(line: Uint8Array): Uint8Array {
  const end = line.subarray(0, LOOKED_AT_BYTES).findLastIndex((byte) => byte < LEAST_TRAILING_BYTE);
  return end === -1 ? line : line.subarray(0, end + 1);
}

function isDamagedUtf8(lines: readonly Uint8Array[]): boolean {
  return lines.length >= FEWEST_LINES && lines.filter((line) => fits('utf-8', line)).length >= NEARLY_ALL * lines.length;
}

/** The likeliest first, each encoding once. */
function candidatesFor(sample: Uint8Array): Candidate[] {
  const found = chardet.detectAll(sample, { includeEncodings: Object.keys(CANDIDATES), maxBytes: LOOKED_AT_BYTES, ignoreThreshold: true });
  const byEncoding = new Map<Encoding, number>();
  for (const { encoding: name, confidence } of found) {
    const encoding = CANDIDATES[name?.toLowerCase() ?? ''];
    if (encoding && !byEncoding.has(encoding)) byEncoding.set(encoding, confidence);
  }
  return [...byEncoding].map(([encoding, likelihood]) => ({ encoding, likelihood })).filter(({ encoding }) => fits(encoding, sample));
}

function readsAlike(sample: Uint8Array, one: Encoding, other: Encoding): boolean {
  return fits(other, sample) && decoderOf(one).decode(sample) === decoderOf(other).decode(sample);
}

function fits(encoding: Encoding, bytes: Uint8Array): boolean {
  try {
    decoderOf(encoding).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Of UTF-8 beyond ASCII, by their first bytes. */
function charactersIn(utf8: Uint8Array): number {
  return utf8.reduce((count, byte) => (byte >= 0xc0 ? count + 1 : count), 0);
}

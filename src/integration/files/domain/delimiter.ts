/** What separates cells, in order of preference where several fit equally well. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

const LINES_LOOKED_AT = 50;
const QUOTED = /"(?:[^"]|"")*"/g;

/**
 * The separator that most of the first lines have as often as the header has. A file of one column has none; the comma
 * then serves as well as any.
 */
export function guessDelimiter(head: string): Delimiter {
  const lines = head.replace(QUOTED, '').split(/\r\n|\r|\n/).filter((line) => line.trim() !== '').slice(0, LINES_LOOKED_AT);
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const inHeader = counts[0] ?? 0;
    const agreeing = counts.filter((count) => count === inHeader).length / lines.length;
    const score = inHeader === 0 ? 0 : agreeing * Math.log2(1 + inHeader);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** What separates cells. A blank stands for runs of blanks, as in tables laid out for the eye, and is never guessed. */
export const DELIMITERS = [',', ';', '\t', '|', ' '] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** In order of preference where several fit equally well. */
const GUESSED: readonly Delimiter[] = [',', ';', '\t', '|'];

export const QUOTES = ['"', "'"] as const;
export type Quote = (typeof QUOTES)[number];

const LINES_LOOKED_AT = 50;
const IN_QUOTES: Readonly<Record<Quote, RegExp>> = { '"': /"(?:[^"]|"")*"/g, "'": /'(?:[^']|'')*'/g };
/** Cells that are quoted from end to end. */
const QUOTED_CELLS: Readonly<Record<Quote, RegExp>> = {
  '"': /(?<=^|[,;\t|])"(?:[^"\r\n]|"")*"(?=[,;\t|\r\n]|$)/gm,
  "'": /(?<=^|[,;\t|])'(?:[^'\r\n]|'')*'(?=[,;\t|\r\n]|$)/gm,
};
/** One could be a word with apostrophes around it; two are a habit. */
const A_HABIT = 2;

/** An apostrophe quotes only where cells are wrapped in it and none is in quotation marks. */
export function guessQuote(head: string): Quote {
  if (countOf(head, QUOTED_CELLS['"']) > 0) return '"';
  return countOf(head, QUOTED_CELLS["'"]) >= A_HABIT ? "'" : '"';
}

/**
 * The separator that most of the first lines have as often as the header has. A file of one column has none; the comma
 * then serves as well as any.
 */
export function guessDelimiter(head: string, quote: Quote = '"'): Delimiter {
  const lines = head.replace(IN_QUOTES[quote], '').split(/\r\n|\r|\n/).filter((line) => line.trim() !== '').slice(0, LINES_LOOKED_AT);
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of GUESSED) {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const inHeader = counts[0] ?? 0;
    const agreeing = counts.filter((count) => count === inHeader).length / lines.length;
    const score = inHeader === 0 ? 0 : agreeing * Math.log2(1 + inHeader);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

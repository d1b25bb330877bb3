/** What a figure has to keep: at least, or at most, this. */
export interface Bound {
  readonly kind: 'at least' | 'at most';
  readonly value: number;
}

export const atLeast = (value: number): Bound => ({ kind: 'at least', value });
export const atMost = (value: number): Bound => ({ kind: 'at most', value });

/** What one side came to, as the median of its rounds. CPU is in microseconds for each request or row. */
export interface Figures {
  readonly perSecond?: number;
  readonly p50Millis?: number;
  readonly p99Millis?: number;
  readonly processMicros?: number;
  readonly databaseMicros?: number;
}

/** One line of the table. */
export interface Finding {
  /** `W1` … as QUALITY.md numbers them. */
  readonly work: string;
  readonly what: string;
  /** The figure that is held against the bounds, with its unit unless it is a ratio. */
  readonly value: number;
  readonly unit?: 'ms' | 's' | 'MB';
  /** Of the rounds; their spread says how far the machine was to be trusted. */
  readonly rounds?: readonly number[];
  readonly wave1?: Bound;
  readonly aim?: Bound;
  readonly app?: Figures;
  readonly floor?: Figures;
  /** For each request, what the floor uses of the machine over what the app uses; needs no quiet machine. */
  readonly cpuRatio?: number;
  /** Requests or rows that were answered, all of them well. */
  readonly done: { readonly app: number; readonly floor: number };
}

export function keeps(value: number, { kind, value: bound }: Bound): boolean {
  return kind === 'at least' ? value >= bound : value <= bound;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

import type { Terminal } from './terminal.js';

const BAR_CELLS = 30;
const DRAW_EVERY_MILLIS = 100;

/** How far something is, on one line that is gone in the end. Draws nothing where stderr is no terminal. */
export class ProgressBar {
  private drawnAt = 0;

  constructor(
    private readonly terminal: Terminal,
    private readonly label: string,
    private readonly amount: (done: number) => string = (done) => done.toLocaleString('en'),
  ) {}

  show(done: number, total: number | null | undefined): void {
    const now = Date.now();
    if (now - this.drawnAt < DRAW_EVERY_MILLIS && done !== total) return;
    this.drawnAt = now;
    this.terminal.sayFleetingly(this.lineOf(done, total).slice(0, this.terminal.columns - 1));
  }

  end(): void {
    this.terminal.sayFleetingly('');
  }

  private lineOf(done: number, total: number | null | undefined): string {
    if (!total) return `${this.label} ${this.amount(done)} …`;
    const part = Math.min(1, done / total);
    const full = Math.round(part * BAR_CELLS);
    return `${this.label} [${'#'.repeat(full)}${'-'.repeat(BAR_CELLS - full)}] ${Math.floor(part * 100)} %  ${this.amount(done)} of ${this.amount(total)}`;
  }
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

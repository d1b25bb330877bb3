const EVERY_MS = 2000;

/** Tells how far it is: one line that moves on a terminal, a line every two seconds elsewhere. */
export class Progress {
  private current = '';
  private line = '';
  private toldAt = 0;
  private readonly began = performance.now();

  constructor(private readonly out: NodeJS.WriteStream) {}

  readonly tell = (what: string, { done, total }: { readonly done: number; readonly total: number }): void => {
    const line = `  ${what.padEnd(12)} ${String(done).padStart(7)} of ${total}`;
    if (line === this.line || (what === this.current && done < total && performance.now() - this.toldAt < (this.out.isTTY ? EVERY_MS / 20 : EVERY_MS))) return;
    if (this.out.isTTY && this.current !== '' && what !== this.current) this.out.write('\n');
    this.out.write(this.out.isTTY ? `\r${line}   ` : `${line}\n`);
    this.current = what;
    this.line = line;
    this.toldAt = performance.now();
  };

  /** Ends the line that moves. */
  over(sentence: string): void {
    this.out.write(`${this.out.isTTY && this.current !== '' ? '\n' : ''}${sentence} (${((performance.now() - this.began) / 1000).toFixed(1)} s)\n`);
  }
}

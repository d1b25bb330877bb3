import type { Soon } from '../../../platform/vault/master-key.js';

interface Question {
  readonly askedAt: number;
  readonly answer: Promise<number>;
}

/**
 * A number kept elsewhere, believed for `millis` from **before** it was asked for. Whoever changes the number and then waits that long
 * knows that nobody believes the old one any more, however slow the answers were.
 * @param now milliseconds of a clock that is never set.
 */
export class Lease {
  private value = 0;
  private askedAt = Number.NEGATIVE_INFINITY;
  private question: Question | undefined;

  constructor(
    private readonly ask: () => Promise<number>,
    private readonly millis: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** At once while the lease holds. @throws what `ask` throws; an old number is never given instead. */
  current(): Soon<number> {
    const now = this.now();
    if (now >= this.askedAt + this.millis) return this.read(now);
    // Asked again at half time, so that under load nobody waits. If that fails, whoever comes after the lease is told.
    if (now >= this.askedAt + this.millis / 2) this.read(now).catch(() => undefined);
    return this.value;
  }

  /** A question on its way serves while it is younger than a lease, because its answer can be no older than the question. */
  private read(now: number): Promise<number> {
    if (this.question && now < this.question.askedAt + this.millis) return this.question.answer;
    const question: Question = { askedAt: now, answer: this.answer(now) };
    this.question = question;
    return question.answer;
  }

  private async answer(askedAt: number): Promise<number> {
    try {
      const value = await this.ask();
      if (askedAt > this.askedAt) {
        this.askedAt = askedAt;
        this.value = value;
      }
      return value;
    } finally {
      if (this.question?.askedAt === askedAt) this.question = undefined;
    }
  }
}

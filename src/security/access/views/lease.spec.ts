import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lease } from './lease.js';

const MILLIS = 50;

/** A clock, and a number elsewhere whose answers the test lets through when it wants. */
function aLease() {
  const world = { now: 0, number: 1 };
  const onTheWay: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  const ask = () =>
    new Promise<number>((resolve, reject) => {
      onTheWay.push({ resolve: () => resolve(world.number), reject });
    });
  const lease = new Lease(ask, MILLIS, () => world.now);
  const answerAll = () => {
    for (const { resolve } of onTheWay.splice(0)) resolve();
  };
  return { world, lease, onTheWay, answerAll };
}

describe('a lease', () => {
  it('asks once for all who come at the same time, and then answers at once', async () => {
    const { lease, onTheWay, answerAll } = aLease();
    const first = [lease.current(), lease.current(), lease.current()];
    expect(onTheWay).toHaveLength(1);
    answerAll();
    expect(await Promise.all(first.map((answer) => Promise.resolve(answer)))).toEqual([1, 1, 1]);
    expect(lease.current()).toBe(1);
  });

  it('counts from before the question, not from the answer', async () => {
    const { world, lease, onTheWay, answerAll } = aLease();
    const slow = lease.current();
    world.now = MILLIS + 1;
    answerAll();
    await slow;
    expect(lease.current()).toBeInstanceOf(Promise);
    expect(onTheWay).toHaveLength(1);
  });

  it('asks ahead at half time without keeping anybody waiting', async () => {
    const { world, lease, onTheWay, answerAll } = aLease();
    const first = lease.current();
    answerAll();
    await first;
    world.now = MILLIS / 2;
    world.number = 2;
    expect(lease.current()).toBe(1);
    expect(onTheWay).toHaveLength(1);
    answerAll();
    await Promise.resolve();
    await Promise.resolve();
    expect(lease.current()).toBe(2);
  });

  it('gives no old number when the answer fails, and asks again next time', async () => {
    const { world, lease, onTheWay, answerAll } = aLease();
    const first = lease.current();
    answerAll();
    await first;
    world.now = MILLIS;
    const failing = lease.current();
    onTheWay.splice(0)[0]?.reject(new Error('away'));
    await expect(failing).rejects.toThrow('away');
    const next = lease.current();
    answerAll();
    expect(await next).toBe(1);
  });

  it('never gives a number from before a change to anybody who comes a lease after it, however slow the answers', async () => {
    // Each step: time passes, and perhaps a caller comes, the number grows, or the oldest answer (read when asked) arrives.
    const step = fc.record({ passes: fc.integer({ min: 0, max: 40 }), what: fc.constantFrom('call', 'change', 'arrive') });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        let now = 0;
        const changes = [{ at: Number.NEGATIVE_INFINITY, number: 1 }];
        const onTheWay: (() => void)[] = [];
        const lease = new Lease(() => new Promise((resolve) => {
          const read = changes.at(-1)!.number;
          onTheWay.push(() => resolve(read));
        }), MILLIS, () => now);
        const answers: Promise<void>[] = [];
        for (const { passes, what } of steps) {
          now += passes;
          if (what === 'change') changes.push({ at: now, number: changes.length + 1 });
          if (what === 'arrive') onTheWay.shift()?.();
          await new Promise(setImmediate);
          if (what !== 'call') continue;
          const settled = changes.filter(({ at }) => at + MILLIS <= now).at(-1)!.number;
          answers.push(Promise.resolve(lease.current()).then((number) => expect(number).toBeGreaterThanOrEqual(settled)));
        }
        for (const arrive of onTheWay) arrive();
        await Promise.all(answers);
      }),
      { numRuns: 150 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Tx } from '../../../platform/database/tx.js';
import type { ImportDefinition, ImportOutcome, MappedLine } from '../../../platform/transfer/import-definition.js';
import { applyLines, MOST_ATTEMPTS } from './apply-lines.js';

const SETTINGS = { timeZone: 'UTC', currency: 'CNY' };
const refusedByDatabase = (): Error => Object.assign(new Error('violates check constraint'), { code: '23514' });

/** Lines numbered from 2; the transaction counts its savepoints, the definition what went in. */
function importing(count: number, fails: (line: number) => Error | undefined) {
  const taken: number[] = [];
  let attempts = 0;
  const tx = { attempt: <T>(work: () => Promise<T>) => ((attempts += 1), work()) } as unknown as Tx;
  const definition = {
    apply(_tx: Tx, lines: readonly MappedLine[]): Promise<ImportOutcome> {
      const failure = lines.map(({ line }) => fails(line)).find((error) => error !== undefined);
      if (failure) return Promise.reject(failure);
      taken.push(...lines.map(({ line }) => line));
      return Promise.resolve({ created: lines.length, updated: 0, unchanged: 0, refused: [], touched: [] });
    },
  } as unknown as ImportDefinition;
  const lines = Array.from({ length: count }, (_, index) => ({ line: index + 2, values: {} }));
  const apply = (some: readonly MappedLine[] = lines) => applyLines(tx, definition, some, SETTINGS, () => undefined);
  return { apply, taken, attempts: () => attempts };
}

describe('applying lines', () => {
  it('takes them at one go where none fails', async () => {
    const { apply, attempts } = importing(500, () => undefined);
    expect(await apply()).toMatchObject({ created: 500, refused: [], rest: [] });
    expect(attempts()).toBe(1);
  });

  it('sets the one that fails apart in a few tries', async () => {
    const { apply, attempts, taken } = importing(500, (line) => (line === 300 ? refusedByDatabase() : undefined));
    expect(await apply()).toMatchObject({ created: 499, refused: [{ line: 300, code: 'inconsistent' }], rest: [] });
    expect(taken).not.toContain(300);
    expect(attempts()).toBeLessThanOrEqual(24);
  });

  it('opens no more savepoints in a transaction than PostgreSQL keeps at hand, and leaves the rest to the next', async () => {
    const { apply, attempts } = importing(500, refusedByDatabase);
    let rest = (await apply()).rest;
    expect(attempts()).toBe(MOST_ATTEMPTS);
    expect(rest.length).toBeGreaterThan(0);
    let calls = 1;
    for (; rest.length > 0; calls += 1) rest = (await apply(rest)).rest;
    expect(attempts()).toBeLessThanOrEqual(calls * MOST_ATTEMPTS);
    expect(attempts()).toBeLessThan(800);
  });

  it('takes every line that can be taken, once and in order, and refuses the others, wherever they fail', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 120 }), fc.array(fc.integer({ min: 2, max: 121 })), async (count, bad) => {
      const failing = new Set(bad.filter((line) => line < count + 2));
      const { apply, taken } = importing(count, (line) => (failing.has(line) ? refusedByDatabase() : undefined));
      const refused: number[] = [];
      let applied = await apply();
      for (;;) {
        refused.push(...applied.refused.map(({ line }) => line));
        if (applied.rest.length === 0) break;
        applied = await apply(applied.rest);
      }
      const all = Array.from({ length: count }, (_, index) => index + 2);
      expect(taken).toEqual(all.filter((line) => !failing.has(line)));
      expect(refused).toEqual(all.filter((line) => failing.has(line)));
    }));
  });

  it('passes on what says nothing about a line, and faults of ours that are not in the lines', async () => {
    const away = importing(5, () => Object.assign(new Error('gone'), { code: '57P01' }));
    await expect(away.apply()).rejects.toThrow('gone');
    const broken = importing(500, () => new TypeError('ours'));
    await expect(broken.apply()).rejects.toThrow('ours');
  });
});

import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

/** Work that ends when told, and says when it began. */
function work(begun: string[], name: string) {
  let end: (error?: Error) => void = () => undefined;
  const ended = new Promise<string>((resolve, reject) => (end = (error) => (error ? reject(error) : resolve(name))));
  return { run: () => (begun.push(name), ended), end: (error?: Error) => end(error) };
}

describe('turns', () => {
  it('let two work at a time, the others in the order they came, also after a failure', async () => {
    const turns = new Turns(2);
    const begun: string[] = [];
    const works = ['a', 'b', 'c', 'd'].map((name) => work(begun, name));
    const results = works.map(({ run }) => turns.take(run));
    await Promise.resolve();
    expect(begun).toEqual(['a', 'b']);
    works[1]!.end(new Error('b failed'));
    await expect(results[1]).rejects.toThrow('b failed');
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const { end } of works) end();
    expect(await Promise.all([results[0], results[2], results[3]])).toEqual(['a', 'c', 'd']);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });
});

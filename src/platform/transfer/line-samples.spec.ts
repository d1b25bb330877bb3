import { describe, expect, it } from '@jest/globals';
import { LineSamples } from './line-samples.js';

describe('samples of lines', () => {
  it('show fields that differ, as text or nothing', () => {
    const samples = new LineSamples(5);
    samples.note(2, 'updated', 'id-1', { name: 'old', city: 'same', note: undefined }, { name: 'new', city: 'same', note: null, phone: '1' });
    expect(samples.taken).toEqual([{ line: 2, deed: 'updated', id: 'id-1', fields: [{ column: 'name', before: 'old', after: 'new' }, { column: 'phone', before: null, after: '1' }] }]);
  });

  it('prefer lines that change something, and keep the order of the file', () => {
    const samples = new LineSamples(3);
    for (const line of [2, 3, 4]) samples.note(line, 'unchanged', undefined, {}, {});
    for (const line of [5, 6]) samples.note(line, 'created', undefined, {}, { name: 'x' });
    expect(samples.taken?.map(({ line, deed }) => [line, deed])).toEqual([[2, 'unchanged'], [5, 'created'], [6, 'created']]);
    samples.note(7, 'updated', undefined, {}, {});
    samples.note(8, 'updated', undefined, {}, {});
    expect([samples.hasRoom, samples.wants('created'), samples.wants('unchanged')]).toEqual([false, false, false]);
    expect(samples.taken?.map(({ line }) => line)).toEqual([5, 6, 7]);
  });

  it('are none where none are asked for', () => {
    const samples = new LineSamples();
    expect(samples.hasRoom).toBe(false);
    samples.note(2, 'created', 'x', {}, {});
    expect(samples.taken).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { rangeIn } from './byte-range.js';

describe('a range of bytes', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=10-19', { start: 10, end: 20 }],
    ['bytes=90-', { start: 90, end: 100 }],
    ['bytes=90-500', { start: 90, end: 100 }],
    ['bytes=-30', { start: 70, end: 100 }],
    ['bytes=-500', { start: 0, end: 100 }],
  ])('%s of 100', (header, range) => expect(rangeIn(header, 100)).toEqual(range));

  it.each(['bytes=100-', 'bytes=100-120', 'bytes=-0'])('%s cannot be had', (header) => expect(rangeIn(header, 100)).toBe('unsatisfiable'));

  it.each([undefined, '', 'bytes=-', 'bytes=5-4', 'bytes=0-1,3-4', 'lines=0-1', 'bytes=a-b'])('%p asks for the whole', (header) => expect(rangeIn(header, 100)).toBeUndefined());
});

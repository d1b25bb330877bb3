import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '../../kernel/event.js';
import { cutAtReturns } from './cut-at-returns.js';

/** `+a` tells of a, `-a` withdraws it. */
function cut(text: string): string[] {
  const events = text.split(' ').map((name) => ({ name }) as RecordedEvent);
  const parts = cutAtReturns(events, ({ name }) => (name[0] === '-' ? name.slice(1) : undefined), ({ name }) => (name[0] === '+' ? [name.slice(1)] : []));
  return parts.map((part) => part.map(({ name }) => name).join(' '));
}

describe('a batch of events', () => {
  it('stays whole while nothing comes back', () => {
    expect(cut('+a +b -a -b +c +d -c')).toEqual(['+a +b -a -b +c +d -c']);
  });

  it('is cut before what was withdrawn is told of again, each time', () => {
    expect(cut('+a -a +b +a -b +b +a -a +a')).toEqual(['+a -a +b', '+a -b', '+b +a -a', '+a']);
  });
});

import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '../../kernel/domain-error.js';
import type { AppConfig } from '../config/config.js';
import { following, Load, MAX_STREAMS, MAX_STREAMS_PER_CALLER, perSecond } from './load.js';

let load: Load;
beforeEach(() => {
  load = new Load({ maxConcurrentRequests: 8, maxLoopDelayMillis: 50 } as AppConfig);
});
afterEach(() => load.onApplicationShutdown());

function request(): IncomingMessage {
  const made = {} as IncomingMessage;
  load.began(made);
  return made;
}

function stream(caller: string): IncomingMessage {
  const made = request();
  load.becomesStream(made, caller);
  return made;
}

/** The n-th of several callers, none of whom has more streams than one may. */
function nth(_: unknown, n: number): IncomingMessage {
  return stream(`caller ${Math.floor(n / MAX_STREAMS_PER_CALLER)}`);
}

function refusal(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof DomainError ? [error.refusal, error.code, error.retryAfterSeconds] : error;
  }
}

describe('the load', () => {
  it('refuses one request too many, and takes the next once one has ended', () => {
    const requests = Array.from({ length: 9 }, request);
    expect(refusal(() => load.assertRoom())).toEqual(['unavailable', 'busy', 1]);
    load.ended(requests[0]!);
    expect(refusal(() => load.assertRoom())).toBeUndefined();
  });

  it('refuses requests while the process is late for its own timers', async () => {
    for (const end = performance.now() + 1_000; performance.now() < end; );
    // The sampler's turn comes with the next timers.
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(load.loopDelayMillis).toBeGreaterThan(50);
    expect(refusal(() => load.assertRoom())).toEqual(['unavailable', 'busy', 1]);
  });

  it('counts a stream apart from requests in work', () => {
    Array.from({ length: 50 }, nth);
    request();
    expect([load.requestsInWork, load.streamsOpen]).toEqual([1, 50]);
    expect(refusal(() => load.assertRoom())).toBeUndefined();
  });

  it('refuses one stream too many, which is then a request to be answered, and takes the next once one has ended', () => {
    const streams = Array.from({ length: MAX_STREAMS }, nth);
    expect(refusal(() => stream('another'))).toEqual(['unavailable', 'too_many_streams', 10]);
    expect([load.requestsInWork, load.streamsOpen]).toEqual([1, MAX_STREAMS]);
    load.ended(streams[0]!);
    expect(refusal(() => stream('another'))).toBeUndefined();
  });

  it('refuses one stream too many of one caller, and leaves the others theirs', () => {
    const own = Array.from({ length: MAX_STREAMS_PER_CALLER }, () => stream('one'));
    expect(refusal(() => stream('one'))).toEqual(['exhausted', 'too_many_own_streams', 10]);
    expect(refusal(() => stream('other'))).toBeUndefined();
    load.ended(own[0]!);
    expect(refusal(() => stream('one'))).toBeUndefined();
  });

  it('counts a request that ended before it became a stream nowhere', () => {
    const gone = request();
    load.ended(gone);
    load.becomesStream(gone, 'somebody');
    expect([load.requestsInWork, load.streamsOpen]).toEqual([0, 0]);
  });
});

describe('what the load averages', () => {
  it('is reached within two seconds, and forgotten as soon', () => {
    const after = (seen: number, from: number): number => Array.from({ length: 20 }).reduce<number>((average) => following(average, seen), from);
    const busy = after(perSecond(4, 100), 0);
    expect(busy).toBeCloseTo(39.5, 1);
    expect(after(0, busy)).toBeLessThan(0.5);
  });

  it('is a number even where no time went by', () => {
    expect(perSecond(3, 0)).toBe(3_000);
  });
});

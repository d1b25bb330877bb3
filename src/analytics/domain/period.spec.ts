import { describe, expect, it } from '@jest/globals';
import { periodOf } from './period.js';

const first = new Date('2016-09-04T21:15:19Z');
const last = new Date('2018-10-17T17:30:18Z');
const timeZone = 'UTC';

describe('the months of a report', () => {
  it('are all from the first order to the last where none are asked for', () => {
    const { months, borders } = periodOf({ timeZone }, first, last);
    expect([months[0], months.at(-1), months.length]).toEqual(['2016-09', '2018-10', 26]);
    expect([borders[0]!.toISOString(), borders.at(-1)!.toISOString(), borders.length]).toEqual(['2016-09-01T00:00:00.000Z', '2018-11-01T00:00:00.000Z', 27]);
  });

  it('follow the calendar of the zone', () => {
    expect(periodOf({ timeZone: 'Asia/Shanghai' }, new Date('2026-01-31T16:00:00Z'), new Date('2026-01-31T16:00:00Z')).months).toEqual(['2026-02']);
  });

  it('are the newest ten years where there are more', () => {
    const { months } = periodOf({ timeZone }, new Date('1999-01-01T00:00:00Z'), last);
    expect([months[0], months.length]).toEqual(['2008-11', 120]);
  });

  it('are the one month asked for, also beyond the orders', () => {
    expect(periodOf({ from: '2020-05', timeZone }, first, last).months).toEqual(['2020-05']);
    expect(periodOf({ to: '2010-05', timeZone }, first, last).months).toEqual(['2010-05']);
  });

  it('must not run backwards, nor be more than ten years', () => {
    expect(() => periodOf({ from: '2018-02', to: '2018-01', timeZone }, first, last)).toThrow('from=2018-02 comes after to=2018-01');
    expect(() => periodOf({ from: '2008-10', to: '2018-10', timeZone }, first, last)).toThrow('121 months');
  });
});

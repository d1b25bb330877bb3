import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDay, readInstant, writeInstant } from './read-instant.js';

describe('instants in files', () => {
  it.each([
    ['2026-01-15T08:00:00Z', 'Asia/Shanghai', '2026-01-15T08:00:00.000Z'],
    ['2026-01-15T08:00:00.5+08:00', 'UTC', '2026-01-15T00:00:00.500Z'],
    ['2026-01-15 08:00:00-0330', 'UTC', '2026-01-15T11:30:00.000Z'],
    ['2026-01-15 08:00:00', 'Asia/Shanghai', '2026-01-15T00:00:00.000Z'],
    ['2026/1/5 8:05', 'Asia/Shanghai', '2026-01-05T00:05:00.000Z'],
    ['2026-01-15', 'Asia/Shanghai', '2026-01-14T16:00:00.000Z'],
    ['20260115', 'Asia/Shanghai', '2026-01-14T16:00:00.000Z'],
    ['20260115T0805', 'Asia/Shanghai', '2026-01-15T00:05:00.000Z'],
    ['20260115080506', 'Asia/Shanghai', '2026-01-15T00:05:06.000Z'],
    ['2018-01-18 23:30:01', 'America/Sao_Paulo', '2018-01-19T01:30:01.000Z'],
    ['2018-05-18 23:30:01', 'America/Sao_Paulo', '2018-05-19T02:30:01.000Z'],
    // Clocks in Berlin went from 02:00 to 03:00 and, in autumn, from 03:00 back to 02:00.
    ['2026-03-29 01:59:59', 'Europe/Berlin', '2026-03-29T00:59:59.000Z'],
    ['2026-03-29 03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25 03:00:00', 'Europe/Berlin', '2026-10-25T02:00:00.000Z'],
    ['2026-03-29 02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25 02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-11-01 01:30:00', 'America/New_York', '2026-11-01T05:30:00.000Z'],
  ])('%s in %s is %s', (text, zone, instant) => {
    expect(readInstant(text, zone)?.toISOString()).toBe(instant);
  });

  it.each(['', '2026-02-30', '2026-13-01', '2026-01-15 24:00', '15/01/2026', '2026-01-15T08:00:00 Berlin', '1768464000', '1768464000000', '20261301', '2026011', 'yesterday'])('refuses %p', (text) => {
    expect(readInstant(text, 'UTC')).toBeUndefined();
  });

  it('reads back every instant written with its offset', () => {
    const instants = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(fc.property(instants, (instant) => readInstant(instant.toISOString(), 'Asia/Tokyo')?.getTime() === instant.getTime()));
  });
});

describe('instants as they are written', () => {
  it.each([
    ['2026-01-15T00:00:00.500Z', 'Asia/Shanghai', '2026-01-15T08:00:00.500+08:00'],
    ['2026-01-15T00:00:00.000Z', 'America/St_Johns', '2026-01-14T20:30:00.000-03:30'],
    ['2026-01-15T00:00:00.000Z', 'UTC', '2026-01-15T00:00:00.000Z'],
    ['1880-01-01T00:00:00.000Z', 'Asia/Shanghai', '1880-01-01T00:00:00.000Z'],
  ])('%s in %s is %s', (instant, zone, text) => expect(writeInstant(new Date(instant), zone)).toBe(text));

  it('are read back in any zone, whatever clocks did', () => {
    const instants = fc.date({ min: new Date('1000-01-02'), max: new Date('9999-12-30'), noInvalidDate: true });
    const zones = fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe');
    fc.assert(fc.property(instants, zones, zones, (instant, one, other) => readInstant(writeInstant(instant, one), other)?.getTime() === instant.getTime()));
  });
});

describe('days in files', () => {
  it.each([['1990-06-15', '1990-06-15'], ['1990/6/5', '1990-06-05'], ['1990.6.15', '1990-06-15'], ['19900615', '1990-06-15']])('%s is %s', (text, day) => {
    expect(readDay(text)).toBe(day);
  });

  it.each(['', '15.6.1990', '900615', '199006151200', '1990-06-15 00:00'])('finds none in %p', (text) => expect(readDay(text)).toBeUndefined());
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import { EventType } from '../../src/kernel/event.js';
import { newId } from '../../src/kernel/id.js';
import { formatAmount } from '../../src/kernel/money.js';
import { openBare, type Bare } from '../support/bare.js';

/** ISO 4217 list one, the codes in use; what is not here has two digits like most. */
const CURRENCIES = (
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR ' +
  'FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK ' +
  'MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL ' +
  'THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG'
).split(' ');

class NothingPayload {}
const Happened = new EventType('test.happened', 1, NothingPayload);

describe('what PostgreSQL writes into JSON', () => {
  let bare: Bare;
  beforeAll(async () => {
    bare = await openBare();
  });
  afterAll(() => bare?.close());

  it('amounts have the digits the kernel gives them, in every currency', async () => {
    const amounts = [0, 1, -1, 5, 99, 100, 1999, -123_456_789, Number.MAX_SAFE_INTEGER];
    const rows = await bare.place.asOwner(
      `select currency, minor, platform.amount(minor, currency) as text from unnest($1::text[]) as currency, unnest($2::bigint[]) as minor`,
      [CURRENCIES, amounts],
    );
    expect(rows).toHaveLength(CURRENCIES.length * amounts.length);
    for (const { currency, minor, text } of rows) expect(`${String(currency)} ${String(text)}`).toBe(`${String(currency)} ${formatAmount(Number(minor), String(currency))}`);
  });

  it('instants are UTC with milliseconds whatever the session\'s zone, and null where they stand for never', async () => {
    const [row] = await bare.place.asOwner(`
      with zone as materialized (select set_config('TimeZone', 'Asia/Shanghai', false))
      select platform.instant('2026-01-15T08:00:00.5+08') as some, platform.instant('-infinity') as never, platform.instant(null) as none from zone`);
    expect(row).toEqual({ some: '2026-01-15T00:00:00.500Z', never: null, none: null });
  });

  it('a view is as of now once its consumers have heard everything, and of the last event they heard before', async () => {
    const { runner } = bare.worker((consumers) => consumers.hear({ name: 'test.view', hears: [Happened], lanes: 2, handler: { apply: () => Promise.resolve() } }));
    await bare.database.transaction(SYSTEM, (tx) => Promise.resolve(tx.record(Happened.of(newId(), {}), Happened.of(newId(), {}))));
    const asOf = async () => (await bare.place.asOwner(`select platform.instant(platform.as_of('{test.view}')) as at, platform.instant(now()) as now`))[0]!;
    const setBackTo = (position: number) => bare.place.asOwner(`update platform.consumer set position = $1 where name = 'test.view' and lane = 1`, [position]);

    await runner.drain();
    const whole = await asOf();
    expect(whole['at']).toBe(whole['now']);
    // One lane behind is enough: the view misses what that lane has not heard.
    await setBackTo(1);
    const [first] = await bare.place.asOwner('select platform.instant(recorded_at) as at from platform.event_log where position = 1');
    expect(await asOf()).toMatchObject({ at: first!['at'] });
    await setBackTo(0);
    expect(await asOf()).toMatchObject({ at: null });
  });
});

import { describe, expect, it } from '@jest/globals';
import { isInstant } from './query-values.js';

describe('instants in requests', () => {
  it.each(['2026-01-15T08:00:00Z', '2024-02-29T23:59:59.999999Z', '1000-01-01T00:00:00+14:00', '9999-12-31T23:59:59-12:00'])('takes %s', (text) => {
    expect(isInstant(text)).toBe(true);
  });

  it.each(['0000-01-01T00:00:00Z', '0999-12-31T00:00:00Z', '2026-02-30T00:00:00Z', '2026-01-15T08:00:00+23:59', '2026-01-15T24:30:00Z', '2026-01-15 08:00:00Z', '2026-01-15', 7, null, undefined])(
    'refuses %p, which the database would refuse later or read as another day',
    (value) => expect(isInstant(value)).toBe(false),
  );
});

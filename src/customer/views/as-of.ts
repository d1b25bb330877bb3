import { sql } from '../../platform/database/statement.js';

/** Up to when the totals are complete, for an answer without rows to carry it. */
export const FEATURES_AS_OF = sql<{ as_of: string | null }>('customer.features_as_of', `
  select platform.instant(platform.as_of('{customer.features}')) as as_of`);

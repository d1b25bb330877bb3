/** Members of a customer in JSON that stand in plain columns of `customer.customer c`, in the order of `plainOf`. */
export const PLAIN = `
  c.id, c.version, c.status, c.gender, c.language, c.source, c.tags,
  platform.instant(c.created_at) as "createdAt", platform.instant(c.updated_at) as "updatedAt"`;

/**
 * Joins `purchases`, the totals over a customer's purchases, of `customer.features f`. PostgreSQL dissolves such joins; the same as
 * selects within the select list cost a tenth more.
 */
export const PURCHASES = `
    cross join lateral (select platform.amount(f.spent_minor, f.currency) as amount, f.currency) as spent
    cross join lateral (select platform.amount(f.refunded_minor, f.currency) as amount, f.currency) as refunded
    cross join lateral (
      select f.order_count as "orderCount", spent as "totalSpent", refunded as "totalRefunded", f.other_totals as "otherCurrencies",
             platform.instant(f.first_order_at) as "firstOrderAt", platform.instant(f.last_order_at) as "lastOrderAt",
             round(f.mean_interval_days * 100) / 100 as "meanIntervalDays") as purchases`;

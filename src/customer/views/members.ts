/** Members of a customer in JSON that stand in plain columns of `customer.customer c`, in the order of `plainOf`. */
export const PLAIN = `
  c.id, c.version, c.status, c.gender, c.language, c.source, c.tags,
  platform.instant(c.created_at) as "createdAt", platform.instant(c.updated_at) as "updatedAt"`;

/** The totals over a customer's purchases, of `customer.features f`. */
export const PURCHASES = `
  (select row_to_json(totals) from (
    select f.order_count as "orderCount",
           (select row_to_json(money) from (select platform.amount(f.spent_minor, f.currency) as amount, f.currency) money) as "totalSpent",
           (select row_to_json(money) from (select platform.amount(f.refunded_minor, f.currency) as amount, f.currency) money) as "totalRefunded",
           f.other_totals as "otherCurrencies",
           platform.instant(f.first_order_at) as "firstOrderAt", platform.instant(f.last_order_at) as "lastOrderAt",
           round(f.mean_interval_days::numeric, 2) as "meanIntervalDays") totals) as purchases`;

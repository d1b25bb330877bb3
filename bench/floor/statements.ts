/** Every answer of the floor, each one statement that gives finished JSON. Named, so PostgreSQL parses and plans them once. */
const SHOWN = 'id, name, gender, phone, email, country, province, city, tags, created_at, order_count, spent_minor, last_order_at';

export const CUSTOMER = {
  name: 'customer',
  text: `select row_to_json(c)::text as json from (select ${SHOWN} from customer where id = $1) c`,
};

export const PAGE = {
  name: 'page',
  text: `
    select coalesce(json_agg(c), '[]')::text as json from (
      select ${SHOWN} from customer where gender = $1 and (last_order_at, id) < ($2, $3) order by last_order_at desc, id desc limit 50) c`,
};

/** The grams find, the fragment itself decides. */
export const SEARCH = {
  name: 'search',
  text: `
    select coalesce(json_agg(c), '[]')::text as json from (
      select ${SHOWN} from customer where grams @> $1 and (lower(name) like $2 or phone like $2) order by created_at desc, id desc limit 20) c`,
};

export const CREATE = {
  name: 'create',
  text: `
    insert into customer (id, name, gender, phone, email, country, province, city, tags, created_at, grams)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now(), $10) on conflict (email) do nothing
    returning row_to_json(customer)::text as json`,
};

/** Header, lines and the customer's totals in one statement, which is one transaction. */
export const PLACE = {
  name: 'place',
  text: `
    with line as (
      select * from rows from (json_to_recordset($4) as (sku text, name text, quantity int, "unitPriceMinor" bigint)) with ordinality as line (sku, name, quantity, "unitPriceMinor", number)
    ), header as (
      insert into purchase (id, customer_id, status, channel, total_minor, quantity, placed_at)
      select $1, $2, 'created', $3, sum(quantity * "unitPriceMinor"), sum(quantity), now() from line
      returning id, customer_id, status, channel, total_minor, quantity, placed_at
    ), lines as (
      insert into purchase_line (purchase_id, number, sku, name, quantity, unit_price_minor)
      select $1, number, sku, name, quantity, "unitPriceMinor" from line
    ), totals as (
      update customer c set order_count = order_count + 1, spent_minor = spent_minor + header.total_minor, last_order_at = greatest(last_order_at, header.placed_at)
        from header where c.id = header.customer_id
    )
    select row_to_json(header)::text as json from header`,
};

export const OVERVIEW = {
  name: 'overview',
  text: `
    select row_to_json(c)::text as json from (
      select ${SHOWN}, (select coalesce(json_agg(o), '[]') from (
               select id, status, channel, quantity, total_minor, placed_at from purchase where customer_id = customer.id order by placed_at desc, id desc limit 20) o) as orders
        from customer where id = $1) c`,
};

/** Fifths of everybody who bought, then how many stand in each of the 125 cells. */
export const RFM = {
  name: 'rfm',
  text: `
    with measured as materialized (
      select date_part('day', now() - last_order_at)::int as days, order_count, spent_minor from customer where order_count > 0
    ), cuts as (
      select percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by -days) as r, percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by order_count) as f,
             percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by spent_minor) as m from measured
    )
    select json_agg(cell)::text as json from (
      select 1 + width_bucket(-days - 1, r) as r, 1 + width_bucket(order_count - 1, f) as f, 1 + width_bucket(spent_minor - 1, m) as m, count(*) as customers, sum(spent_minor) as spent
        from measured, cuts group by 1, 2, 3) cell`,
};

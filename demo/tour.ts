import type { Credentials } from './api.js';
import { USED_TO_COME, type Buyer, type Cohort, type Entry, type Figure, type Figures, type Month, type Segment, type StatusCount } from './figures.js';
import { SILENT_DAYS } from './shop/people.js';

const BAR = 24;
const COHORT_MONTHS = 6;

/** The figures as a walk through the product, each with the line that gets it. */
export function tour(figures: Figures, url: string, { email, password }: Credentials): string {
  const { plan, customers, best, silent, segments, statuses, months, repeat, retention, overview, timeline, events } = figures;
  const shown = (title: string, lines: readonly string[], figure: Figure<unknown>) => [title, '', ...lines.map((line) => `  ${line}`), '', `  ${curl(url, figure.path)}`, ''];
  const orders = months.answer.data.reduce((sum, month) => sum + month.orders, 0);
  const { rate, repeatCustomers } = repeat.answer.overall;
  const regular = overview.answer;
  return [
    `A shop that never was: ${customers.answer.page.total} customers, ${orders} orders in the year up to ${plan.until.slice(0, 10)} (seed ${plan.seed})`,
    '',
    'Sign in first; every line below uses the token.',
    '',
    `  ${signIn(url, email, password)}`,
    '',
    ...shown('The best customers', best.answer.data.map(buyer), best),
    ...shown(`Fell silent: ${silent.answer.page.total} who came ${USED_TO_COME} times or more, and not once in ${SILENT_DAYS} days; those to be missed most`, silent.answer.data.map(buyer), silent),
    ...shown('Who is worth what (recency, frequency, money)', segments.answer.data.map(segment), segments),
    ...shown('Where the orders are', statusTable(statuses.answer.data), statuses),
    ...shown('Month by month', monthTable(months.answer.data), months),
    ...shown('Who comes back', [`${repeatCustomers} customers, ${percent(rate)} of all who ever ordered, ordered again.`], repeat),
    ...shown(`Of those who first came in a month, how many order again 1 to ${COHORT_MONTHS} months later`, retention.answer.data.map(cohort), retention),
    ...shown(
      `Everything about one customer: ${regular.customer.name}, ${regular.customer.addresses[0]?.city ?? 'nowhere'}`,
      [`${regular.purchases.orderCount} orders, ${money(regular.purchases.totalSpent)} spent, ${money(regular.purchases.totalRefunded)} given back, every ${regular.purchases.meanIntervalDays ?? '–'} days on average`],
      overview,
    ),
    ...shown('What they did last', timeline.answer.data.map(entry), timeline),
    ...shown(
      'Everything that happened, in order, for whoever follows',
      [...events.answer.data.map(({ position, type, occurredAt }) => `${String(position).padStart(4)}  ${occurredAt}  ${type}`), `go on with after=${events.answer.page.nextAfter}`],
      events,
    ),
    'Try the rest',
    '',
    `  ${url}/docs/   sign in there as ${email} with "${password}"`,
  ].join('\n');
}

/** Fits every shell: nothing in it needs more than single quotes. */
function curl(url: string, path: string): string {
  return `curl -s -H "Authorization: Bearer $TOKEN" '${url}${path}'`;
}

function signIn(url: string, email: string, password: string): string {
  const body = JSON.stringify({ email, password }).replaceAll("'", `'\\''`);
  return `TOKEN=$(curl -s '${url}/v1/sessions' -H 'Content-Type: application/json' -d '${body}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`;
}

function buyer({ name, purchases: { orderCount, totalSpent, lastOrderAt } }: Buyer): string {
  return `${wide(name, 24)} ${String(orderCount).padStart(4)} orders  ${money(totalSpent).padStart(14)}  last ${lastOrderAt.slice(0, 10)}`;
}

function segment({ segment: name, customers, share, revenueShare }: Segment): string {
  return `${name.padEnd(16)} ${String(customers).padStart(6)}  ${percent(share).padStart(6)} of customers  ${percent(revenueShare).padStart(6)} of revenue`;
}

/** The report parts a state by the words of the systems the orders came from; here they are one. */
function statusTable(counts: readonly StatusCount[]): string[] {
  const orders = new Map<string, number>();
  for (const { status, orders: count } of counts) orders.set(status, (orders.get(status) ?? 0) + count);
  return [...orders].map(([status, count]) => `${status.padEnd(18)} ${String(count).padStart(6)}`);
}

function monthTable(months: readonly Month[]): string[] {
  const most = Math.max(...months.map(({ revenue }) => Number(revenue.amount)), 1);
  return months.map(({ month, orders, newCustomers, revenue, refunded }) => {
    const bar = '#'.repeat(Math.round((BAR * Number(revenue.amount)) / most));
    return `${month}  ${String(orders).padStart(5)} orders  ${String(newCustomers).padStart(5)} new  ${money(revenue).padStart(15)}  back ${money(refunded).padStart(13)}  ${bar}`.trimEnd();
  });
}

function cohort({ month, customers, active }: Cohort): string {
  const later = active.filter(({ monthsLater }) => monthsLater >= 1 && monthsLater <= COHORT_MONTHS);
  return `${month}  ${String(customers).padStart(5)}  ${later.map(({ share }) => percent(share).padStart(6)).join(' ')}`.trimEnd();
}

function entry({ at, event, facts }: Entry): string {
  return `${at.slice(0, 16).replace('T', ' ')}  ${event.padEnd(28)} ${facts.amount ? money(facts.amount) : (facts.status ?? '')}`.trimEnd();
}

function money({ amount, currency }: { readonly amount: string; readonly currency: string }): string {
  return `${currency} ${amount}`;
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`;
}

const WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]/g;

/** Pads to columns of a terminal, where a Chinese character takes two. */
function wide(text: string, columns: number): string {
  return text.padEnd(columns - (text.match(WIDE)?.length ?? 0));
}

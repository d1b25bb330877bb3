import type { Api } from './api.js';
import type { Manifest } from './manifest.js';
import { SILENT_DAYS } from './shop/people.js';
import { DAY, dayIn } from './shop/year.js';

interface Money {
  readonly amount: string;
  readonly currency: string;
}

interface Page<Item> {
  readonly data: readonly Item[];
  readonly page: { readonly total?: number };
}

export interface Buyer {
  readonly id: string;
  readonly name: string;
  readonly purchases: { readonly orderCount: number; readonly totalSpent: Money; readonly lastOrderAt: string };
}

export interface Segment {
  readonly segment: string;
  readonly customers: number;
  readonly share: number;
  readonly revenueShare: number;
}

export interface StatusCount {
  readonly status: string;
  readonly orders: number;
}

export interface Month {
  readonly month: string;
  readonly orders: number;
  readonly customers: number;
  readonly newCustomers: number;
  readonly revenue: Money;
  readonly refunded: Money;
}

export interface Cohort {
  readonly month: string;
  readonly customers: number;
  readonly active: readonly { readonly monthsLater: number; readonly share: number | null }[];
}

export interface Overview {
  readonly customer: { readonly name: string; readonly language: string; readonly addresses: readonly { readonly city: string; readonly country: string }[] };
  readonly purchases: { readonly orderCount: number; readonly totalSpent: Money; readonly totalRefunded: Money; readonly meanIntervalDays: number | null };
}

export interface Entry {
  readonly at: string;
  readonly kind: string;
  readonly event: string;
  readonly facts: { readonly amount?: Money; readonly status?: string };
}

export interface FeedEvent {
  readonly position: number;
  readonly type: string;
  readonly occurredAt: string;
}

/** What the API answered, and the path that asked it. */
export interface Figure<Answer> {
  readonly path: string;
  readonly answer: Answer;
}

/** Everything the tour shows, as the API answered it. */
export interface Figures {
  readonly plan: { readonly seed: number; readonly customers: number; readonly until: string };
  readonly customers: Figure<Page<unknown>>;
  readonly best: Figure<Page<Buyer>>;
  readonly silent: Figure<Page<Buyer>>;
  readonly segments: Figure<{ readonly data: readonly Segment[] }>;
  readonly statuses: Figure<{ readonly data: readonly StatusCount[] }>;
  readonly months: Figure<{ readonly data: readonly Month[] }>;
  readonly repeat: Figure<{ readonly overall: { readonly customers: number; readonly repeatCustomers: number; readonly rate: number | null } }>;
  readonly retention: Figure<{ readonly data: readonly Cohort[] }>;
  readonly overview: Figure<Overview>;
  readonly timeline: Figure<{ readonly data: readonly Entry[] }>;
  readonly events: Figure<{ readonly data: readonly FeedEvent[]; readonly page: { readonly nextAfter: number } }>;
}

const ZONE = 'timeZone=Asia/Shanghai';
const SHOWN = 5;
const SHOWN_EVENTS = 3;
/** Orders somebody had before their silence means anything. */
export const USED_TO_COME = 3;

export async function readFigures(api: Api, { plan: { seed, customers, until } }: Manifest): Promise<Figures> {
  const ask = async <Answer>(path: string): Promise<Figure<Answer>> => ({ path, answer: await api.get<Answer>(path) });
  const best = await ask<Page<Buyer>>(`/v1/customers?sort=-spent&limit=${SHOWN}&fields=name,purchases`);
  const customer = `/v1/customers/${best.answer.data[0]?.id}`;
  const silentSince = new Date(until.getTime() - SILENT_DAYS * DAY).toISOString();
  return {
    plan: { seed, customers, until: until.toISOString() },
    best,
    customers: await ask('/v1/customers?limit=1&fields=id&total=exact'),
    silent: await ask(`/v1/customers?orderCountGte=${USED_TO_COME}&lastOrderAtLt=${silentSince}&sort=-spent&limit=${SHOWN}&fields=name,purchases&total=exact`),
    segments: await ask(`/v1/reports/rfm/segments?${ZONE}&measuredOn=${dayIn(until)}`),
    statuses: await ask(`/v1/reports/order-statuses?${ZONE}`),
    months: await ask(`/v1/reports/months?${ZONE}`),
    repeat: await ask(`/v1/reports/repeat-purchase-rate?${ZONE}`),
    retention: await ask(`/v1/reports/retention?${ZONE}`),
    overview: await ask(`${customer}/overview`),
    timeline: await ask(`${customer}/timeline?kind=payment,refund,fulfilment&limit=${SHOWN}`),
    events: await ask(`/v1/events?after=0&limit=${SHOWN_EVENTS}`),
  };
}

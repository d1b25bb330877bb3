import { createShuke } from '../src/index.js';

/** Registers a customer and reads the overview once the event has reached the views. */
export async function firstCustomer(baseUrl: string, token: string): Promise<string> {
  const shuke = createShuke({ baseUrl, token });
  const { data: customer, error, response } = await shuke.POST('/v1/customers', {
    params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { name: '张三丰', contactPoints: [{ kind: 'phone', value: '+86 138 0013 8000' }], tags: ['vip'] },
  });
  if (!customer) throw new Error(`${error.code}: ${error.detail}`);
  const { data: overview } = await shuke.GET('/v1/customers/{id}/overview', {
    params: { path: { id: customer.id }, header: { 'Wait-For-Event': response.headers.get('Event-Id') ?? undefined } },
  });
  return `${customer.id} has ${overview?.purchases.orderCount ?? 0} orders`;
}

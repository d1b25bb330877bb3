import type { Shuke } from '@shuke/client';

/** Registers a customer and reads the overview once the event has reached the views. */
export async function firstCustomer(shuke: Shuke): Promise<string> {
  const { data: customer, eventId } = await shuke.call('createCustomer', {
    body: { name: '张三丰', contactPoints: [{ kind: 'phone', value: '+86 138 0013 8000' }], tags: ['vip'] },
  });
  const { data: overview } = await shuke.call('getCustomerOverview', { id: customer.id, waitForEvent: eventId });
  return `${overview.customer.name ?? ''} has ${overview.purchases.orderCount} orders`;
}

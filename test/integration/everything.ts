import type { Http } from '../support/app.js';

const AT_ONCE = 6;
const LONGEST_WORD = 100;
const LONGEST_TAG = 50;

/** Texts as they are kept: trimmed, and none of them blank or too long for the shortest of the fields. */
export function storable(texts: readonly string[]): string[] {
  const fit = texts.map((text) => text.trim()).filter((text) => text !== '' && text.length <= LONGEST_WORD - 20 && !/[\0\p{Surrogate}]/u.test(text));
  return [...new Set(fit)];
}

/** The `at`th text and those after it, round and round. */
function from(texts: readonly string[], at: number): (offset: number) => string {
  return (offset) => texts[(at + offset) % texts.length]!;
}

/**
 * Records of every kind with these texts in every field that takes any: each text stands in some field of each kind, and the first
 * `everywhere` of them in all of the fields of a record of their own.
 */
export async function fillWith(http: Http, texts: readonly string[], everywhere: number): Promise<void> {
  const FIELDS = 4;
  const places = [
    ...texts.slice(0, everywhere).map((text) => () => text),
    ...Array.from({ length: Math.ceil((texts.length - everywhere) / FIELDS) }, (_, index) => from(texts.slice(everywhere), index * FIELDS)),
  ];
  for (let start = 0; start < places.length; start += AT_ONCE) {
    await Promise.all(places.slice(start, start + AT_ONCE).map((text, index) => aSaleWith(http, text, start + index)));
  }
}

async function aSaleWith(http: Http, text: (offset: number) => string, at: number): Promise<void> {
  const send = async (path: string, body: object) => {
    const answer = await http.post(`/v1/${path}`).send(body);
    if (answer.status !== 201) throw new Error(`${path} with ${JSON.stringify(text(0))}: ${answer.status} ${answer.text}`);
    return answer.body as { id: string };
  };
  /** Begins with the text and is nobody else's. */
  const own = (offset: number) => `${text(offset)} ${at}.${offset}`;
  /** For fields that take no more. */
  const short = (offset: number) => text(offset).slice(0, 20).trim().replace(/\p{Surrogate}$/u, "");
  const tags = [0, 1, 2].map((offset) => text(offset)).filter((tag) => tag.length <= LONGEST_TAG && !tag.includes(','));
  const customer = await send('customers', {
    name: text(0), note: `${text(1)}\nand more\r\nof "it"`, gender: ['female', 'male', 'other', null][at % 4], bornOn: at % 3 ? `19${50 + (at % 50)}-02-1${at % 9}` : null,
    language: at % 2 ? 'zh-CN' : null, tags: [...tags, 'vip', 'a|b\\c'], source: 'naughty', createdAt: `2021-05-04T10:00:00.${100 + (at % 900)}Z`,
    contactPoints: [
      { kind: 'wechat', value: text(2), label: text(3) }, { kind: 'other', value: own(0), shared: true }, { kind: 'wechat', value: `second ${own(1)}` },
      { kind: 'phone', value: `138 ${String(10_000_000 + at * 2)}` }, { kind: 'phone', value: `+86138${String(10_000_001 + at * 2)}`, label: text(1) },
      { kind: 'phone', value: '021 6323 0000', shared: true, label: 'family' }, { kind: 'email', value: `Some.Body+${at}@Example.com` },
    ],
    addresses: [
      { label: text(0), recipient: text(1), line: text(2), city: text(3), country: 'CN' }, { line: text(3), postcode: short(0), province: text(1) }, { label: `other ${text(0)}`, line: text(2) },
    ],
    externalIds: [{ system: 'crm', id: own(0) }, { system: 'crm', id: own(1) }, { system: 'shop', id: `s${at}` }],
  });
  const product = await send('products', {
    sku: own(0), name: text(1), category: text(2), status: at % 2 ? 'active' : 'archived', ...(at % 3 && { price: { amount: '199.50', currency: 'CNY' } }),
    attributes: { weightGrams: 250 + at, 'with|bar': text(3), organic: at % 2 === 0, [`name ${text(0)}`]: '250' }, externalIds: [{ system: 'erp', id: own(2) }, { system: 'erp', id: own(3) }],
  });
  const money = (amount: string) => ({ amount, currency: 'CNY' });
  const order = await send('orders', {
    customer: { id: customer.id }, currency: 'CNY', channel: text(0), sourceStatus: at % 2 ? text(1) : undefined, placedAt: `2025-03-0${1 + (at % 9)}T23:59:59.123Z`,
    externalIds: at % 2 ? [{ system: 'shop', id: own(2) }, { system: 'shop', id: own(3) }] : [], discount: money('1.01'), shipping: money('10.00'),
    lines: [
      { productId: product.id, sku: own(0), quantity: 3, unitPrice: money('0.07'), name: text(1) },
      { name: text(2), quantity: 2, unitPrice: money('100.00'), discount: money('10.00'), tax: money('3.33') },
      { number: 7, name: text(3), sku: own(1), quantity: 1, unitPrice: money('99.99') },
    ],
  });
  const paid = await send(`orders/${order.id}/payments`, {
    method: text(0), provider: text(1), state: 'authorized', amount: money('302.00'), installments: 3, externalIds: [{ system: 'psp', id: own(0) }, { system: 'psp', id: own(1) }],
  });
  if (at % 5 === 4) return;
  await http.post(`/v1/payments/${paid.id}/settle`).send({ amount: money('301.50') }).expect(200);
  await send(`orders/${order.id}/payments`, { method: text(2), state: 'settled', amount: money('1.02'), recordedAt: '2025-04-01T00:00:00.001Z' });
  await send(`orders/${order.id}/refunds`, { state: 'settled', amount: money('5.00'), paymentId: paid.id, reason: 'arrived_broken', provider: text(3), externalIds: [{ system: 'psp', id: own(1) }] });
  await send(`orders/${order.id}/refunds`, { amount: money('1.00') });
  const sent = await send(`orders/${order.id}/fulfilments`, {
    state: 'shipped', lines: [{ number: 7, quantity: 1 }, { number: 1, quantity: 2 }], carrier: text(0), trackingCode: text(1), recordedAt: '2025-05-01T00:00:00Z', externalIds: [{ system: 'wms', id: own(0) }],
  });
  await send(`orders/${order.id}/fulfilments`, { state: 'pending', lines: [{ number: 2, quantity: 1 }] });
  if (at % 3 === 0) await http.post(`/v1/fulfilments/${sent.id}/deliver`).send({}).expect(200);
  if (at % 7 === 0) await http.post(`/v1/orders/${order.id}/cancel`).send({ reason: 'changed_mind' }).expect(200);
}

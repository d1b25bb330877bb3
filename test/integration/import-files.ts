import { importFile, type ImportAnswer } from '../support/import-file.js';
import type { Http } from '../support/app.js';

/** A small shop's files: each has a repeated line, a refused one or a date next to midnight somewhere. Times are Shanghai's. */
const FILES = {
  customers: {
    text: 'id,name,phone,known,tags\n1,李娜,13800000001,2020-01-31 23:30,vip\n2,王伟,13800000002,2020-02-01 00:30,\n3,Ada,,2020-02-15 12:00,\n1,李娜,13800000001,,regular\n',
    mapping: { 'externalIds.shop': 'id', name: 'name', phone: 'phone', createdAt: 'known', tags: 'tags' },
  },
  products: { text: 'sku,name,price\nTEA,Tea,99.90\nCUP,Cup,10\n', mapping: { sku: 'sku', name: 'name', price: 'price' } },
  orders: {
    text: 'id,who,at,status,total\nA,1,2020-03-31 23:59:59,shipped,199.80\nB,1,2020-04-01 00:00:00,paid,10\nC,2,2020-04-02 00:00:00,canceled,5\nD,9,2020-04-02 00:00:00,paid,7\n',
    mapping: { 'externalIds.shop': 'id', 'customer.externalIds.shop': 'who', placedAt: 'at', status: 'status', total: 'total' },
  },
  'order-lines': {
    text: 'order,number,sku,quantity,price\nA,1,TEA,2,99.90\nB,1,CUP,1,10\nC,1,CUP,1,5\nD,1,CUP,1,7\n',
    mapping: { 'order.externalIds.shop': 'order', lineNumber: 'number', sku: 'sku', quantity: 'quantity', unitPrice: 'price' },
  },
  payments: {
    text: 'order,sequence,method,amount,at\nA,1,card,149,2020-03-31 23:59:59\nA,2,voucher,49.80,2020-04-01 00:00:00\nB,1,card,10,2020-04-01 08:00:00\nA,1,card,150.00,\n',
    mapping: { 'order.externalIds.shop': 'order', sequence: 'sequence', method: 'method', amount: 'amount', recordedAt: 'at' },
  },
  refunds: {
    text: 'id,order,payment,amount,at,why\nR1,A,1,20,2020-04-30 23:30:00,broken\nR2,B,,3.50,2020-05-01 00:30:00,late\nR1,A,,20.00,,\nR3,D,,1,2020-05-02 00:00:00,\nR4,C,,0,,\n',
    mapping: { 'externalIds.shop': 'id', 'order.externalIds.shop': 'order', paymentSequence: 'payment', amount: 'amount', recordedAt: 'at', reason: 'why' },
  },
  fulfilments: {
    text: 'id,order,lines,packed,sent,with\nF1,A,1:1,2020-03-31 23:59:59,2020-04-02 00:00:00,SF\nF2,A,,2020-04-03 00:00:00,,\nF1,A,,,,YTO\nF3,D,,,,\n',
    mapping: { 'externalIds.shop': 'id', 'order.externalIds.shop': 'order', lines: 'lines', recordedAt: 'packed', shippedAt: 'sent', carrier: 'with' },
  },
} as const;

export type Resource = keyof typeof FILES;
/** In the order in which one needs the other. */
export const RESOURCES = Object.keys(FILES) as Resource[];

export function bring(http: Http, resource: Resource, text: string = FILES[resource].text): Promise<ImportAnswer> {
  return importFile(http, text, { resource, mapping: FILES[resource].mapping, options: { timeZone: 'Asia/Shanghai', currency: 'CNY' } });
}

export async function bringAll(http: Http): Promise<Record<Resource, ImportAnswer>> {
  const done = {} as Record<Resource, ImportAnswer>;
  for (const resource of RESOURCES) done[resource] = await bring(http, resource);
  return done;
}

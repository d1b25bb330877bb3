import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Imports } from '../../src/platform/transfer/imports.js';
import { suggestMapping } from '../../src/integration/imports/domain/suggest-mapping.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { importEnded, importFile, startImport, uploadFile } from '../support/import-file.js';
import { describeWithData, sharedText } from '../support/shared-data.js';

interface Answer {
  readonly resource: string;
  readonly score: number;
  readonly mapping: Record<string, { readonly column: string }>;
  readonly columns: { readonly column: string; readonly suggestedFor: string; readonly because: string }[];
  readonly missing: string[];
  readonly unmapped: string[];
}

const SHOPIFY_ORDERS = 'Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Phone,Receipt Number,Duties';
const SHOPIFY_CUSTOMERS = 'Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags';
const SHOPIFY_PRODUCTS = 'Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Gift Card,SEO Title,Status';
const WOO_CUSTOMERS = 'Name,Username,Last Active,Sign Up,Email,Orders,Total Spend,AOV,Country / Region,City,Region,Postal Code';
const WOO_PRODUCTS = 'ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Published,Is featured?,Visibility in catalog,Short description,Description,Tax status,In stock?,Stock,Weight (kg),Sale price,Regular price,Categories,Tags,Images,Parent,Position';
const TMALL_REPORT = '订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额';
const TAOBAO_ORDERS = '订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,买家留言,收货人姓名,收货地址,运送方式,联系电话,联系手机,订单创建时间,订单付款时间,宝贝标题,宝贝种类,物流单号,物流公司,订单备注,宝贝总数量,店铺名称';
const JD_ORDERS = '订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,应付金额,订单状态,订单类型,下单帐号,客户姓名,客户地址,联系电话,订单备注,付款确认时间';
const YOUZAN_CUSTOMERS = '客户姓名,手机号,性别,生日,微信号,成为客户时间,标签,所在省份,所在城市,详细地址,备注,累计消费金额';

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ workers: true });
  http = await app.asAdmin();
});
afterAll(() => app?.close());

async function suggestions(content: string, query: Record<string, string> = {}): Promise<Answer[]> {
  const { body } = await http.get(`/v1/uploads/${await uploadFile(http, content)}/mapping-suggestions`).query(query).expect(200);
  return (body as { data: Answer[] }).data;
}

/** Ours by the file's. */
function pairsOf({ mapping }: Pick<Answer, 'mapping'>): Record<string, string> {
  return Object.fromEntries(Object.entries(mapping).map(([ours, { column }]) => [column.trim(), ours]));
}

describe('S156 a mapping is suggested', () => {
  /** By the header alone; but no system of others gives ids such as ours. */
  function byHeader(resource: string, header: string, system = 'shop') {
    const names = header.replace('"GTIN, UPC, EAN, or ISBN"', 'GTIN').split(',').map((name) => ({ name, values: /\bid$/i.test(name) ? ['7305'] : [] }));
    return pairsOf(suggestMapping(names, app.get(Imports).get(resource)!.columns, [], system) as unknown as Answer);
  }

  it('S156 for what Tmall and Taobao export', () => {
    expect(byHeader('orders', TMALL_REPORT)).toEqual({ 订单编号: 'externalIds.shop', 订单创建时间: 'placedAt', 总金额: 'total' });
    expect(byHeader('payments', TMALL_REPORT)).toEqual({ 订单编号: 'order.externalIds.shop', 买家实际支付金额: 'amount', 订单付款时间: 'recordedAt' });
    expect(byHeader('orders', TAOBAO_ORDERS)).toEqual({ 订单编号: 'externalIds.shop', 买家会员名: 'customer.externalIds.shop', 订单状态: 'status', 总金额: 'total', 订单创建时间: 'placedAt', 店铺名称: 'channel' });
    expect(byHeader('customers', TAOBAO_ORDERS)).toMatchObject({ 买家会员名: 'externalIds.shop', 收货人姓名: 'name', 收货地址: 'address.line', 联系手机: 'phone' });
  });

  it('S156 for what JD and Youzan export', () => {
    expect(byHeader('orders', JD_ORDERS)).toEqual({ 订单号: 'externalIds.shop', 下单帐号: 'customer.externalIds.shop', 订单状态: 'status', 下单时间: 'placedAt', 订单金额: 'total' });
    expect(byHeader('order-lines', JD_ORDERS)).toMatchObject({ 订单号: 'order.externalIds.shop', 商品ID: 'product.externalIds.shop', 商品名称: 'name', 订购数量: 'quantity', 京东价: 'unitPrice' });
    expect(byHeader('customers', YOUZAN_CUSTOMERS)).toEqual({
      客户姓名: 'name', 手机号: 'phone', 性别: 'gender', 生日: 'bornOn', 微信号: 'wechat', 成为客户时间: 'createdAt', 标签: 'tags', 所在省份: 'address.province', 所在城市: 'address.city', 详细地址: 'address.line', 备注: 'note',
    });
  });

  it('S156 for what Shopify exports', () => {
    expect(byHeader('customers', SHOPIFY_CUSTOMERS, 'shopify')).toMatchObject({
      'Customer ID': 'externalIds.shopify', Email: 'email', Phone: 'phone', Note: 'note', Tags: 'tags', 'Default Address Address1': 'address.line', 'Default Address City': 'address.city',
      'Default Address Province Code': 'address.province', 'Default Address Country Code': 'address.country', 'Default Address Zip': 'address.postcode',
    });
    expect(byHeader('orders', SHOPIFY_ORDERS, 'shopify')).toEqual({ Id: 'externalIds.shopify', Name: 'number', 'Financial Status': 'status', 'Fulfillment Status': 'sourceStatus', Currency: 'currency', 'Created at': 'placedAt', Source: 'channel', Total: 'total' });
    expect(byHeader('order-lines', SHOPIFY_ORDERS)).toMatchObject({
      'Lineitem sku': 'sku', 'Lineitem name': 'name', 'Lineitem quantity': 'quantity', 'Lineitem price': 'unitPrice', 'Lineitem discount': 'discount', Currency: 'currency', Name: 'order.externalIds.shop',
    });
    expect(byHeader('payments', SHOPIFY_ORDERS)).toMatchObject({ Total: 'amount', 'Payment Method': 'method', 'Paid at': 'recordedAt' });
    expect(byHeader('products', SHOPIFY_PRODUCTS)).toEqual({ Handle: 'externalIds.shop', Title: 'name', 'Product Category': 'category', 'Variant SKU': 'sku', 'Variant Price': 'price', Status: 'status' });
  });

  it('S156 for what WooCommerce exports', () => {
    expect(byHeader('customers', WOO_CUSTOMERS)).toEqual({
      Name: 'name', Username: 'externalIds.shop', 'Sign Up': 'createdAt', Email: 'email', 'Country / Region': 'address.country', City: 'address.city', Region: 'address.province', 'Postal Code': 'address.postcode',
    });
    expect(byHeader('products', WOO_PRODUCTS)).toMatchObject({ ID: 'externalIds.shop', SKU: 'sku', Name: 'name', 'Regular price': 'price', Categories: 'category' });
  });

  it('S156 with a word in English and one in Chinese for every column of ours', () => {
    const bare = app.get(Imports).all().flatMap(({ resource, columns }) =>
      columns.filter(({ aliases }) => !aliases.some((word) => /\p{Script=Han}/u.test(word)) || !aliases.some((word) => /[a-z]/.test(word))).map(({ name }) => `${resource} ${name}`));
    // Our own ids go by their own names only.
    expect(bare.filter((name) => !/ (?:id|[a-z]+Id)$/.test(name))).toEqual(['products attributes.<name>']);
  });

  it('S156 best fit first, that is taken as it is by an import; and one resource if asked', async () => {
    const header = '客户编号,客户姓名,联系手机,电子邮箱,城市,喜欢的颜色\n';
    const content = `${header}7,李娜,13812345678,li@example.com,上海,红\n`;
    const [best, ...others] = await suggestions(content, { system: 'erp' });
    expect(best).toMatchObject({ resource: 'customers', missing: [], unmapped: ['喜欢的颜色'] });
    expect(pairsOf(best!)).toEqual({ 客户编号: 'externalIds.erp', 客户姓名: 'name', 联系手机: 'phone', 电子邮箱: 'email', 城市: 'address.city' });
    expect(others.map(({ score }) => score)).toEqual(others.map(({ score }) => score).toSorted((a, b) => b - a));
    expect(others.every(({ score }) => score < best!.score)).toBe(true);
    expect((await importFile(http, content, { resource: 'customers', mapping: best!.mapping })).counts).toEqual({ created: 1, updated: 0, unchanged: 0, skipped: 0, refused: 0 });
    expect((await suggestions(header + '1,a,b,c,d,e', { resource: 'payments' })).map(({ resource }) => resource)).toEqual(['payments']);
  });

  it('S156 by the values where there is no header to go by', async () => {
    const [found] = await suggestions('A,B,C\nLi,li@example.com,138 1234 5678\nWang,wang@example.com,+86 13912345678\n', { resource: 'customers' });
    expect(found!.columns.map(({ column, suggestedFor, because }) => [column, suggestedFor, because])).toEqual([['C', 'phone', 'values'], ['B', 'email', 'values']]);
  });

  it('S156 from what former imports took the header for, once they went in', async () => {
    const content = 'Kd-Nr.,Rufname\n1,Eva\n';
    const mapping = { 'externalIds.crm_old': 'Kd-Nr.', name: 'Rufname' };
    const before = await suggestions(content, { resource: 'customers' });
    expect(before[0]!.columns).toEqual([]);
    await importFile(http, content, { resource: 'customers', mapping, options: { dryRun: true } });
    expect((await suggestions(content, { resource: 'customers' }))[0]!.columns).toEqual([]);
    await importFile(http, content, { resource: 'customers', mapping });
    const after = await suggestions('KD NR,rufname,sonst\n1,Eva,x\n', { resource: 'customers' });
    expect(after[0]).toMatchObject({
      mapping: { 'externalIds.crm_old': { column: 'KD NR' }, name: { column: 'rufname' } }, columns: [{ because: 'learned', confidence: 0.99 }, { because: 'learned' }], unmapped: ['sonst'],
    });
  });

  it('G27 and nothing is learned that may be somebody\'s name, nor is any header kept in clear', async () => {
    const people = 'Canary Mustermann,13812340001\nCanary Li,13812340002\n';
    const { body: upload } = await http.post('/v1/uploads?header=true').set('Content-Type', 'text/csv').send(people).expect(201);
    await importEnded(http, await startImport(http, upload.id, { resource: 'customers', mapping: { name: 'Canary Mustermann', phone: '13812340001' } }));
    await importFile(http, 'Canary-Header\nLi\n', { resource: 'customers', mapping: { name: 'Canary-Header' } });
    const rows = await app.asOwner<{ row: string; header_index: Buffer }>('select l::text as row, header_index from integration.learned_header l');
    expect(rows.filter(({ row, header_index }) => row.includes('anary') || header_index.includes('anary'))).toEqual([]);
    const [headerless] = await suggestions(people, { resource: 'customers' });
    expect(headerless!.columns.filter(({ because }) => because === 'learned')).toEqual([]);
    const [known] = await suggestions('canary header\nLi\n', { resource: 'customers' });
    expect(known!.columns.filter(({ because }) => because === 'learned')).toHaveLength(1);
  });

  it('S156 to who may import it, of an upload of their own', async () => {
    const integration = await app.as('integration');
    const id = await uploadFile(http, 'a,b\n1,2\n');
    await integration.get(`/v1/uploads/${id}/mapping-suggestions`).expect(404);
    await (await app.as('viewer')).get(`/v1/uploads/${id}/mapping-suggestions`).expect(403);
    await http.get(`/v1/uploads/${id}/mapping-suggestions?resource=gizmos`).expect(422);
    await http.get(`/v1/uploads/${id}/mapping-suggestions?system=Not%20One`).expect(400);
  });
});

describeWithData('S156 a mapping is suggested for real files', () => {
  const FILES: Readonly<Record<string, readonly [resource: string, expected: Record<string, string>]>> = {
    'olist_customers_dataset.csv': ['customers', { customer_unique_id: 'externalIds.olist', customer_zip_code_prefix: 'address.postcode', customer_city: 'address.city', customer_state: 'address.province' }],
    'olist_products_dataset.csv': ['products', { product_id: 'externalIds.olist', product_category_name: 'category' }],
    'olist_orders_dataset.csv.gz': ['orders', { order_id: 'externalIds.olist', customer_id: 'customer.externalIds.olist', order_status: 'status', order_purchase_timestamp: 'placedAt' }],
    'olist_order_items_dataset.csv.gz': ['order-lines', { order_id: 'order.externalIds.olist', order_item_id: 'lineNumber', product_id: 'product.externalIds.olist', price: 'unitPrice', freight_value: 'shipping' }],
    'olist_order_payments_dataset.csv': ['payments', { order_id: 'order.externalIds.olist', payment_sequential: 'sequence', payment_type: 'method', payment_installments: 'installments', payment_value: 'amount' }],
  };

  it.each(Object.entries(FILES))('S156 Olist, %s: as somebody who knows it would map it, and best of all resources', async (name, [resource, expected]) => {
    const head = sharedText('olist_sample', name).split('\n').slice(0, 100).join('\n');
    const all = await suggestions(head, { system: 'olist' });
    expect(all[0]).toMatchObject({ resource, missing: [] });
    expect(pairsOf(all[0]!)).toEqual(expected);
  });

  it('S156 Tmall: the report of February 2020 is imported as suggested', async () => {
    const id = await uploadFile(http, sharedText('tmall_orders', 'tmall_order_report.csv.gz').split('\n').slice(0, 200).join('\n'));
    const { body } = await http.get(`/v1/uploads/${id}/mapping-suggestions?resource=orders&system=tmall`).expect(200);
    const [{ mapping }] = (body as { data: [Answer] }).data;
    expect(pairsOf({ mapping })).toEqual({ 订单编号: 'externalIds.tmall', 订单创建时间: 'placedAt', 总金额: 'total' });
    const done = await importEnded(http, await startImport(http, id, { resource: 'orders', mapping: { ...mapping, 'customer.externalIds.tmall': { constant: 'guest' } }, options: { timeZone: 'Asia/Shanghai', dryRun: true } }));
    expect(done.status).toBe('succeeded');
  });
});

/** What Shopify, WooCommerce, Olist, Tmall and Taobao, JD, Youzan and common ERP systems call the columns of files about orders. */
type HeaderWords = Readonly<Record<string, readonly string[]>>;

const ORDER_ID = [
  'order id', 'order no', 'order number', 'order #', 'order', 'sales order', 'basket id', 'transaction id', '订单编号', '订单号', '订单ID', '主订单编号', '交易编号', '交易号', '单号', '销售单号', '平台单号',
] as const;

const PRODUCT_ID = ['product id', 'item id', 'article id', 'variant id', 'lineitem product id', '商品ID', '商品编号', '宝贝ID', '货号', '产品编号', '产品ID', '外部系统编号'] as const;

const CURRENCY = ['currency code', 'order currency', 'payment currency', '币种', '货币', '币别', '货币代码'] as const;

export const orderHeaderWords: HeaderWords = {
  'externalIds.<system>': [...ORDER_ID, 'id', 'name'],
  'customer.externalIds.<system>': [
    'customer unique id', 'customer id', 'buyer id', 'user id', 'member id', 'client id', 'household id', 'customer code', 'customer no',
    '客户编号', '客户ID', '会员编号', '会员ID', '会员号', '用户ID', '买家ID', '买家会员名', '买家昵称', '买家账号', '下单帐号', '下单账号',
  ],
  customerId: [],
  number: ['order number', 'order name', 'name', 'reference', '订单流水号', '订单序号'],
  status: ['order status', 'state', 'order state', 'financial status', '订单状态', '状态', '交易状态'],
  sourceStatus: ['source status', 'fulfillment status', 'fulfilment status', '原始状态', '平台状态', '发货状态'],
  placedAt: [
    'order purchase timestamp', 'created at', 'order date', 'order time', 'purchase date', 'purchased at', 'date created', 'transaction timestamp', 'placed on', 'ordered at', 'date',
    '订单创建时间', '下单时间', '下单日期', '订单时间', '订单日期', '订单提交时间', '拍下时间', '创建时间', '成交时间',
  ],
  currency: CURRENCY,
  total: ['total amount', 'order total', 'order amount', 'grand total', 'amount', '总金额', '订单金额', '订单总额', '应付金额', '订单总价'],
  channel: ['sales channel', 'source', 'source name', 'order source', 'store', 'shop name', '渠道', '销售渠道', '订单来源', '店铺名称', '店铺', '来源', '平台', '归属店铺'],
};

export const orderLineHeaderWords: HeaderWords = {
  'order.externalIds.<system>': [...ORDER_ID, 'name'],
  lineNumber: ['order item id', 'line no', 'line', 'line item', 'item number', 'position', '行号', '序号', '明细序号', '商品序号', '子订单序号'],
  'product.externalIds.<system>': PRODUCT_ID,
  sku: ['lineitem sku', 'item sku', 'product sku', 'sku code', 'merchant sku', 'SKU编码', '商家编码', '商品编码', '规格编码', '商品规格编码', '货品编码'],
  name: ['lineitem name', 'product name', 'item name', 'title', 'item', 'product title', '商品名称', '宝贝标题', '标题', '商品标题', '产品名称', '品名', '货品名称', '商品'],
  quantity: ['lineitem quantity', 'qty', 'item quantity', 'units', 'count', '数量', '购买数量', '商品数量', '宝贝数量', '订购数量', '件数', '宝贝总数量'],
  unitPrice: ['unit price', 'price', 'lineitem price', 'item price', 'item cost', 'sale price', '单价', '价格', '商品单价', '商品价格', '销售价', '成交价', '京东价'],
  discount: ['lineitem discount', 'discount amount', 'item discount', 'retail disc', '优惠', '优惠金额', '折扣', '折扣金额', '商品优惠'],
  tax: ['taxes', 'tax amount', 'item tax', 'vat', '税', '税额', '税费'],
  shipping: ['freight value', 'freight', 'shipping cost', 'shipping amount', 'delivery fee', '运费', '邮费', '配送费', '买家应付邮费'],
  currency: CURRENCY,
};

export const paymentHeaderWords: HeaderWords = {
  'order.externalIds.<system>': [...ORDER_ID, 'name'],
  sequence: ['payment sequential', 'payment number', 'payment no', '支付序号', '付款序号', '收款序号'],
  method: ['payment type', 'payment method', 'pay type', 'gateway', 'payment gateway', 'paid by', '支付方式', '付款方式', '收款方式', '支付渠道', '支付类型'],
  amount: [
    'payment value', 'payment amount', 'amount paid', 'paid', 'paid amount', 'total', 'order total', 'total paid',
    '买家实际支付金额', '实付金额', '订单实付金额', '支付金额', '付款金额', '实收金额', '实际支付金额', '收款金额', '金额',
  ],
  currency: CURRENCY,
  installments: ['payment installments', 'instalments', 'number of installments', '分期数', '分期期数', '期数'],
  recordedAt: [
    'paid at', 'payment date', 'payment time', 'date paid', 'order approved at', 'captured at', 'processed at',
    '订单付款时间', '付款时间', '支付时间', '买家付款时间', '付款确认时间', '付款日期', '支付日期', '收款时间', '收款日期',
  ],
  state: ['payment status', 'payment state', 'transaction status', '支付状态', '付款状态', '收款状态'],
};

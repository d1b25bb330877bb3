/** What Shopify, WooCommerce, Olist, Tmall and Taobao, JD, Youzan and common ERP systems call the columns of files about orders. */
type HeaderWords = Readonly<Record<string, readonly string[]>>;

const ORDER_ID = [
  'order id', 'order no', 'order number', 'order #', 'order', 'sales order', 'basket id', 'transaction id', '订单编号', '订单号', '订单ID', '主订单编号', '交易编号', '交易号', '单号', '销售单号', '平台单号',
] as const;

const PRODUCT_ID = ['product id', 'item id', 'article id', 'variant id', 'lineitem product id', '商品ID', '商品编号', '宝贝ID', '货号', '产品编号', '产品ID', '外部系统编号'] as const;

const CURRENCY = ['currency code', 'order currency', 'payment currency', '币种', '货币', '币别', '货币代码'] as const;

const PROVIDER = ['payment provider', 'processor', 'payment service provider', 'psp', '支付平台', '支付机构', '收款平台'] as const;

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
  cancelReason: ['cancel reason', 'cancellation reason', 'cancelled reason', '取消原因', '关闭原因', '订单关闭原因'],
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
  cancelledQuantity: ['cancelled quantity', 'canceled quantity', 'quantity cancelled', 'cancelled qty', '取消数量', '已取消数量'],
  unitPrice: ['unit price', 'price', 'lineitem price', 'item price', 'item cost', 'sale price', '单价', '价格', '商品单价', '商品价格', '销售价', '成交价', '京东价'],
  discount: ['lineitem discount', 'discount amount', 'item discount', 'retail disc', '优惠', '优惠金额', '折扣', '折扣金额', '商品优惠'],
  tax: ['taxes', 'tax amount', 'item tax', 'vat', '税', '税额', '税费'],
  shipping: ['freight value', 'freight', 'shipping cost', 'shipping amount', 'delivery fee', '运费', '邮费', '配送费', '买家应付邮费'],
  currency: CURRENCY,
};

export const paymentHeaderWords: HeaderWords = {
  'externalIds.<system>': ['payment id', 'charge id', 'payment reference', '支付流水号', '支付单号', '付款单号', '收款单号', '支付宝交易号', '交易流水号'],
  'order.externalIds.<system>': [...ORDER_ID, 'name'],
  sequence: ['payment sequential', 'payment number', 'payment no', '支付序号', '付款序号', '收款序号'],
  method: ['payment type', 'payment method', 'pay type', 'gateway', 'payment gateway', 'paid by', '支付方式', '付款方式', '收款方式', '支付渠道', '支付类型'],
  amount: [
    'payment value', 'payment amount', 'amount paid', 'paid', 'paid amount', 'total', 'order total', 'total paid',
    '买家实际支付金额', '实付金额', '订单实付金额', '支付金额', '付款金额', '实收金额', '实际支付金额', '收款金额', '金额',
  ],
  captured: ['captured amount', 'amount captured', 'settled amount', '到账金额', '入账金额', '结算金额'],
  currency: CURRENCY,
  installments: ['payment installments', 'instalments', 'number of installments', '分期数', '分期期数', '期数'],
  recordedAt: [
    'paid at', 'payment date', 'payment time', 'date paid', 'order approved at', 'captured at', 'processed at',
    '订单付款时间', '付款时间', '支付时间', '买家付款时间', '付款确认时间', '付款日期', '支付日期', '收款时间', '收款日期',
  ],
  state: ['payment status', 'payment state', 'transaction status', '支付状态', '付款状态', '收款状态'],
  provider: PROVIDER,
};

export const refundHeaderWords: HeaderWords = {
  'externalIds.<system>': ['refund id', 'refund no', 'refund number', 'return id', '退款编号', '退款单号', '退款ID', '售后单号', '退货单号'],
  'order.externalIds.<system>': [...ORDER_ID, 'name'],
  paymentSequence: ['payment sequential', 'payment number', 'payment no', '支付序号', '付款序号'],
  amount: ['refund amount', 'refunded amount', 'amount refunded', 'refund value', 'refunded', 'refund total', '退款金额', '实退金额', '买家退款金额', '退款总额', '申请退款金额'],
  currency: CURRENCY,
  state: ['refund status', 'refund state', '退款状态', '售后状态'],
  reason: ['refund reason', 'return reason', '退款原因', '退货原因', '售后原因'],
  recordedAt: [
    'refunded at', 'refund date', 'refund time', 'refunded on', 'refund created at', 'processed at', '退款时间', '退款日期', '退款完结时间', '退款完成时间', '退款成功时间', '退款的申请时间', '申请时间',
  ],
  provider: PROVIDER,
};

export const fulfilmentHeaderWords: HeaderWords = {
  'externalIds.<system>': ['fulfilment id', 'fulfillment id', 'shipment id', 'shipment no', 'parcel id', 'delivery id', '发货单号', '出库单号', '包裹号', '包裹编号', '配送单号'],
  'order.externalIds.<system>': [...ORDER_ID, 'name'],
  lines: ['items', 'contents', 'line items', '包裹明细', '发货明细'],
  state: ['fulfilment status', 'fulfillment status', 'shipment status', 'delivery status', 'status', '发货状态', '物流状态', '配送状态'],
  carrier: ['courier', 'shipping company', 'tracking company', 'shipping carrier', 'delivery company', '物流公司', '快递公司', '承运商', '配送方式'],
  trackingCode: ['tracking number', 'tracking no', 'tracking', 'tracking id', 'waybill', 'waybill number', '物流单号', '运单号', '快递单号', '快递编号', '物流运单号'],
  recordedAt: ['fulfilled at', 'packed at', 'shipment created at', '出库时间', '配货时间', '打包时间'],
  shippedAt: ['shipped at', 'ship date', 'shipping date', 'order delivered carrier date', 'dispatched at', 'shipped on', '发货时间', '发货日期', '卖家发货时间'],
  deliveredAt: ['delivered at', 'delivery date', 'order delivered customer date', 'delivered on', 'received at', '签收时间', '收货时间', '确认收货时间', '送达时间'],
};

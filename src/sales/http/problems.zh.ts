/** What the context refuses, and how to mend it. */
export const salesProblemsInChinese: Readonly<Record<string, string>> = {
  order_too_large: '订单总额超过单个订单的上限。请检查单价和数量，或拆分订单。',

  // Ids of other systems.
  invalid_external_id: '路径须包含系统名（小写字母、数字、- 或 _）及其编号，且长度在限制之内。请检查路径。',
  external_id_taken: '其中一个外部编号已属于另一条同类记录。请按该编号读取那条记录，或去掉该编号。',
  ambiguous_product: '所给编号分属多个商品。请只发送同一商品的编号。',
  ambiguous_order: '所给编号分属多个订单。请只发送同一订单的编号。',
  ambiguous_payment: '所给编号分属多笔付款。请只发送同一笔付款的编号。',
  ambiguous_refund: '所给编号分属多笔退款。请只发送同一笔退款的编号。',
  ambiguous_fulfilment: '所给编号分属多次发货。请只发送同一次发货的编号。',

  // Products.
  product_exists: '已有商品使用该 SKU 或外部编号。请直接修改该商品。',
  sku_taken: '另一个商品已使用该 SKU。请修改那个商品，或改用其他 SKU。',
  sku_needed: '新商品需要 SKU 或外部编号，请至少提供一个。',

  // Placing and changing an order.
  customer_needed: '请用 id 或 externalId 指明客户，二者选一。',
  unknown_customer: '找不到该客户。请先登记客户，再提交订单。',
  customer_not_active: '该客户不是有效状态，不能为其下单。请改用有效的客户。',
  customer_is_fixed: '订单的客户不能更改。请取消订单后重新下单，或发送原来的客户。',
  currency_is_fixed: '订单的币种不能更改。请取消订单后重新下单，或发送原来的币种。',
  currency_mismatch: '金额的币种与订单不一致。请按订单的币种发送金额。',
  negative_amount: '金额为负数。此处金额不得小于零，请修改后重试。',
  placed_in_future: '下单时间晚于当前时间。请检查时区，并以 UTC 发送。',
  product_needed: '该订单行没有指明商品，因此需要 name 和 unitPrice。请补上这两项，或提供 productId、productExternalId 或 sku。',
  unknown_product: '找不到该商品。请先创建商品，或不指明商品而发送 name 和 unitPrice。',
  price_needed: '该商品没有定价。请发送 unitPrice，或先为商品定价。',
  discount_above_value: '折扣大于被折扣的金额，请调低折扣。',
  line_number_taken: '有两个订单行使用了相同的行号。请让每行行号唯一，或全部省略以自动从 1 编号。',
  line_already_fulfilled: '订单行的数量不能少于已发货的数量。请先取消相应的发货。',
  total_below_paid: '订单的新总额低于已支付或已授权的金额。请保留原有订单行，并对差额退款。',
  illegal_transition: '当前状态不允许此变更。请重新读取订单，确认其状态后再操作。',

  // Money and goods.
  order_has_no_lines: '订单没有订单行，暂无应付金额。请先提交订单行。',
  amount_needed: '金额为零，没有可记录的付款或退款。请发送实际金额。',
  over_payment: '付款金额超过待付金额，未做任何记录。请发送不超过待付的金额。',
  capture_above_authorisation: '扣款金额超过已授权的金额。请发送不超过授权的金额。',
  over_refund: '退款金额超过已扣款且尚未退还的金额。请发送不超过可退的金额。',
  refunds_exceed_captured: '该付款已有退款记录，不能取消。请在退款之前取消，或先将待处理的退款标记为失败。',
  over_shipment: '发货数量超过尚未发货的数量，未做任何记录。请发送不超过剩余的数量。',
  unknown_payment: '订单中没有这笔付款。请读取订单，并使用其中的编号。',
  unknown_refund: '订单中没有这笔退款。请读取订单，并使用其中的编号。',
  unknown_fulfilment: '订单中没有这次发货。请读取订单，并使用其中的编号。',
  unknown_line: '订单中没有该订单行。请读取订单，并使用其中的行号。',
  provider_event_reused: '支付服务商的该事件已用于另一条记录，每个事件只生效一次。请发送本次事件自己的编号。',
};

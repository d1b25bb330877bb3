/** What Shopify, WooCommerce, Olist, Tmall and Taobao, JD, Youzan and common ERP systems call each column of a product file. */
export const productHeaderWords: Readonly<Record<string, readonly string[]>> = {
  'externalIds.<system>': ['product id', 'id', 'item id', 'variant id', 'handle', 'article id', '商品ID', '商品编号', '宝贝ID', '产品编号', '产品ID', '货品ID', '数字ID'],
  sku: ['variant sku', 'product sku', 'sku code', 'sku id', 'item code', 'article number', 'product code', 'SKU编码', '商家编码', '商品编码', '规格编码', '货号', '货品编码', '产品编码', '外部编码'],
  name: ['product name', 'title', 'product title', 'item name', 'description', '商品名称', '宝贝标题', '商品标题', '宝贝名称', '标题', '产品名称', '品名', '货品名称', '名称'],
  category: [
    'product category', 'product category name', 'categories', 'product type', 'type', 'department', '类目', '商品类目', '分类', '商品分类', '品类', '产品分类', '宝贝类目', '类别',
  ],
  status: ['product status', 'published', 'state', '状态', '商品状态', '宝贝状态', '上架状态'],
  price: ['variant price', 'regular price', 'unit price', 'list price', 'sale price', 'retail price', '价格', '单价', '售价', '销售价', '一口价', '宝贝价格', '商品价格', '零售价', '京东价', '标价'],
  attributes: ['properties', 'attribute json', '商品属性', '属性'],
  createdAt: ['created', 'created on', 'date created', 'listed at', '创建时间', '上架时间', '商品创建时间', '建档时间'],
  currency: ['currency code', 'price currency', '币种', '货币', '币别', '货币代码'],
};

/** What Shopify, WooCommerce, Olist, Tmall and Taobao, JD, Youzan and common ERP systems call each column of a customer file. */
export const customerHeaderWords: Readonly<Record<string, readonly string[]>> = {
  'externalIds.<system>': [
    'customer unique id', 'customer id', 'id', 'user id', 'member id', 'buyer id', 'client id', 'household id', 'account id', 'contact id', 'customer number', 'customer no', 'customer code',
    '客户编号', '客户ID', '客户号', '客户编码', '会员编号', '会员ID', '会员号', '会员卡号', '用户ID', '用户编号', '买家ID', '买家会员名', '买家昵称', '下单帐号', '下单账号', '买家账号', '用户名', 'username',
  ],
  name: [
    'full name', 'customer name', 'client name', 'contact name', 'display name', 'customer', 'buyer name', 'billing name', 'shipping name',
    '姓名', '客户姓名', '客户名称', '客户名', '会员姓名', '会员名', '真实姓名', '买家姓名', '用户姓名', '联系人', '收货人姓名', '收货人', '收件人', '收货人/提货人', '昵称',
  ],
  gender: ['sex', '性别', '客户性别', '会员性别'],
  bornOn: ['birthday', 'birth date', 'date of birth', 'dob', 'born', '生日', '出生日期', '出生年月', '会员生日', '客户生日'],
  language: ['locale', 'lang', 'preferred language', '语言', '首选语言'],
  phone: [
    'phone number', 'mobile', 'mobile phone', 'mobile number', 'cell phone', 'telephone', 'tel', 'contact phone', 'billing phone', 'default address phone', 'shipping phone', 'sms',
    '手机', '手机号', '手机号码', '联系手机', '买家手机号', '客户手机', '会员手机', '收货人手机号', '收货人手机号/提货人手机号', '电话', '联系电话', '电话号码', '收货人电话', '联系方式',
  ],
  email: ['e-mail', 'email address', 'mail', 'e-mail address', 'customer email', 'contact email', 'billing email', '邮箱', '电子邮箱', '电子邮件', '邮箱地址', '邮件', '客户邮箱'],
  wechat: ['we chat', 'wechat id', 'weixin', '微信', '微信号', '微信账号'],
  phoneLabel: ['phone label', 'phone type', '电话标签', '手机标签', '电话类型'],
  emailLabel: ['email label', 'email type', 'e-mail label', '邮箱标签', '邮箱类型'],
  wechatLabel: ['wechat label', '微信标签'],
  other: ['other contact', 'other contact point', '其他联系方式', '其它联系方式'],
  otherLabel: ['other contact label', '其他联系方式标签'],
  phoneShared: ['shared phone', '电话共用'],
  emailShared: ['shared email', '邮箱共用'],
  wechatShared: ['shared wechat', '微信共用'],
  otherShared: ['shared other contact', '其他联系方式共用'],
  'address.label': ['address label', 'address type', '地址标签', '地址类型'],
  'address.recipient': ['recipient', 'consignee', 'receiver', 'receiver name', 'ship to', '收件人姓名', '提货人'],
  'address.line': [
    'address', 'street', 'street address', 'address1', 'address line 1', 'default address address1', 'billing address1', 'billing street', 'shipping address1', 'shipping street',
    '地址', '详细地址', '收货地址', '客户地址', '街道地址', '联系地址', '收货人地址', '详细收货地址', '详细收货地址/提货地址', '街道',
  ],
  'address.postcode': [
    'postcode', 'post code', 'postal code', 'zip', 'zip code', 'customer zip code prefix', 'zip code prefix', 'default address zip', 'billing zip', 'billing postcode', 'shipping zip', '邮编', '邮政编码', '收货邮编', '收货人邮编',
  ],
  'address.city': ['city', 'town', 'customer city', 'default address city', 'billing city', 'shipping city', '城市', '市', '所在城市', '收货城市', '收货人城市', '地级市'],
  'address.province': [
    'province', 'state', 'region', 'customer state', 'province code', 'default address province code', 'billing province', 'billing state', 'shipping province', '省', '省份', '所在省份', '收货省份', '收货人省份', '所在省',
  ],
  'address.country': ['country', 'country code', 'country region', 'default address country code', 'billing country', 'shipping country', '国家', '国家代码', '国家/地区', '所在国家'],
  tags: ['tag', 'labels', 'groups', 'customer tags', '标签', '客户标签', '会员标签', '分组', '客户分组'],
  note: ['notes', 'comment', 'comments', 'remark', 'remarks', 'memo', '备注', '客户备注', '会员备注', '说明'],
  source: ['origin', 'customer source', 'signup source', '来源', '客户来源', '会员来源', '来源渠道', '渠道'],
  createdAt: [
    'created', 'created on', 'create time', 'registered at', 'registration date', 'signup date', 'sign up', 'date registered', 'joined at', 'member since', 'customer since',
    '创建时间', '注册时间', '注册日期', '建档时间', '入会时间', '成为客户时间', '成为会员时间', '加入时间',
  ],
};

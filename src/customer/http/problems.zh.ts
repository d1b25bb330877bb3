/** What the context refuses, and how to mend it. */
export const customerProblemsInChinese: Readonly<Record<string, string>> = {
  invalid_customer: '客户资料不符合要求，无法保存。请查看 errors 中的每一项并修改后重试。',
  nobody_in_particular: '这些资料无法将该客户与他人区分。请至少提供姓名、一种联系方式或一个外部编号。',
  created_in_future: 'createdAt 晚于当前时间。请省略该字段，或发送客户首次出现的时间。',
  unknown_id: '此处没有该编号的客户，且该编号并非由本产品生成。请省略，或将其作为其他系统的编号（externalIds）导入。',
  duplicate_customer: '已有客户使用其中的外部编号、电话或邮箱。请修改该客户；若多人共用同一联系方式，请将其标记为共享（shared）。',
  ambiguous_customer: '所提供的标识分属两位客户。请只发送属于其中一位的标识。',
  customer_deleted: '该客户已被删除，无法再修改。请登记新客户。',
  invalid_tags: '其中有内容不能用作标签，请查看 errors 中的每一项并修改后重试。',
  query_too_short: '查询参数 q 过短。请至少输入两个字母、一个汉字或三个数字。',
  invalid_phone: '查询参数 phone 不是有效的电话号码。若要按部分号码查找，请使用 q。',
  invalid_email: '查询参数 email 不是有效的邮箱地址。若要按部分地址查找，请使用 q。',
};

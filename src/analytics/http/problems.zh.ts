/** What the context refuses, and how to mend it. */
export const analyticsProblemsInChinese: Readonly<Record<string, string>> = {
  day_not_yet: 'measuredOn 指定的日期在该时区尚未开始。请改用过去的日期，或省略以取当前时刻。',
  invalid_period: '统计区间无效：起始月份晚于结束月份，或跨度超过一次可查询的月数。请调整 from 与 to，或分段查询。',
  no_counted_orders: '该客户在此币种下，截至该时刻没有计入统计的订单。请检查客户编号，或更换币种或日期。',
};

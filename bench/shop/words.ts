export const SURNAMES = Array.from('王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈');
export const GIVEN = Array.from('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文玉兰红梅建国志海燕春雪宇浩欣怡子涵梓轩雨桐佳琪思远晨曦若溪一诺');
export const ENGLISH_FIRST = ['Olivia', 'Noah', 'Emma', 'Liam', 'Amelia', 'Oliver', 'Sophia', 'Elijah', 'Charlotte', 'Mateo', 'Isabella', 'Lucas', 'Ava', 'Levi', 'Mia', 'Ezra', 'Harriet', 'Walter', 'Beatrix', 'Desmond'];
export const ENGLISH_LAST = ['Smith', 'Johnson', 'Williams', 'Brown', 'Jones', 'Garcia', 'Miller', 'Davis', 'Rodriguez', 'Martinez', 'Hernandez', 'Lopez', 'Anderson', 'Thomas', 'Fitzgerald', 'Pemberton', 'Okafor', 'Lindqvist', 'Kowalski', 'Yamamoto'];
export const CITIES: readonly (readonly [province: string, city: string])[] = [
  ['上海市', '上海'], ['北京市', '北京'], ['广东省', '深圳'], ['广东省', '广州'], ['浙江省', '杭州'], ['浙江省', '宁波'], ['江苏省', '南京'], ['江苏省', '苏州'],
  ['四川省', '成都'], ['湖北省', '武汉'], ['湖南省', '长沙'], ['陕西省', '西安'], ['山东省', '青岛'], ['山东省', '济南'], ['福建省', '厦门'], ['河南省', '郑州'],
  ['重庆市', '重庆'], ['天津市', '天津'], ['辽宁省', '大连'], ['安徽省', '合肥'], ['云南省', '昆明'], ['江西省', '南昌'], ['广西', '南宁'], ['贵州省', '贵阳'],
];
/** Of mobile numbers in China that are given out today. */
export const MOBILE_PREFIXES = ['130', '131', '132', '135', '136', '137', '138', '139', '150', '151', '152', '155', '156', '157', '158', '159', '180', '181', '182', '185', '186', '187', '188', '189'];
export const WARES = ['龙井茶', '铁观音', '普洱茶', 'Teapot', 'Gaiwan', 'Tea tray', '茉莉花茶', 'Oolong', 'Cup', 'Kettle', '白茶', 'Tea caddy'];

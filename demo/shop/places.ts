/** Chinese cities by how many of the shop's customers live there, with streets that most such cities have. */
export const CHINESE_CITIES = [
  { city: '上海', province: '上海市', postcode: '200000', weight: 16 }, { city: '北京', province: '北京市', postcode: '100000', weight: 14 },
  { city: '深圳', province: '广东省', postcode: '518000', weight: 11 }, { city: '广州', province: '广东省', postcode: '510000', weight: 10 },
  { city: '杭州', province: '浙江省', postcode: '310000', weight: 10 }, { city: '成都', province: '四川省', postcode: '610000', weight: 9 },
  { city: '南京', province: '江苏省', postcode: '210000', weight: 6 }, { city: '武汉', province: '湖北省', postcode: '430000', weight: 6 },
  { city: '西安', province: '陕西省', postcode: '710000', weight: 5 }, { city: '苏州', province: '江苏省', postcode: '215000', weight: 5 },
  { city: '厦门', province: '福建省', postcode: '361000', weight: 4 }, { city: '长沙', province: '湖南省', postcode: '410000', weight: 4 },
] as const;

export const CHINESE_STREETS = ['人民路', '中山路', '解放路', '建设路', '和平路', '文化路', '新华路', '长江路'] as const;

/** Cities of the English-speaking customers, with the first digits of numbers kept for fiction. */
export const ENGLISH_CITIES = [
  // NANPA keeps 555-0100 to 555-0199 of every area code for fiction.
  { city: 'New York', province: 'NY', country: 'US', postcode: '10001', phone: '+1212555', from: 100, numbers: 100, weight: 14 },
  { city: 'San Francisco', province: 'CA', country: 'US', postcode: '94102', phone: '+1415555', from: 100, numbers: 100, weight: 12 },
  { city: 'Seattle', province: 'WA', country: 'US', postcode: '98101', phone: '+1206555', from: 100, numbers: 100, weight: 8 },
  { city: 'Chicago', province: 'IL', country: 'US', postcode: '60601', phone: '+1312555', from: 100, numbers: 100, weight: 8 },
  // Ofcom keeps these for drama: 020 7946 0000 to 0999, 0161 496 0000 to 0999, 0131 496 0000 to 0999.
  { city: 'London', province: 'England', country: 'GB', postcode: 'SW1A 1AA', phone: '+44207946', from: 0, numbers: 1000, weight: 22 },
  { city: 'Manchester', province: 'England', country: 'GB', postcode: 'M1 1AE', phone: '+44161496', from: 0, numbers: 1000, weight: 9 },
  { city: 'Edinburgh', province: 'Scotland', country: 'GB', postcode: 'EH1 1YZ', phone: '+44131496', from: 0, numbers: 1000, weight: 7 },
] as const;

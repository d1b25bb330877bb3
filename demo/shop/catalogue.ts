/** What the shop sells. */
export interface Product {
  /** Its id in the shop's own system. */
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly priceMinor: number;
  readonly costMinor: number;
}

/** Name, price and cost in yuan; the best seller of each category first. */
type Offer = readonly [name: string, price: number, cost: number];

const OFFERS: Readonly<Record<string, readonly Offer[]>> = {
  tea: [
    ['西湖龙井 250 g', 199, 88], ['Jasmine pearls 100 g', 79, 31], ['云南普洱 357 g', 268, 120], ['铁观音 250 g', 158, 66],
    ['Lapsang souchong 150 g', 96, 40], ['白毫银针 100 g', 228, 105], ['Oolong sampler, 6 kinds', 129, 52], ['陈皮 200 g', 88, 35],
  ],
  teaware: [
    ['盖碗 150 ml', 68, 24], ['Glass teapot 600 ml', 89, 33], ['紫砂壶 200 ml', 488, 210], ['Travel tea set', 139, 55], ['竹茶盘', 176, 71], ['Porcelain cups, set of 6', 108, 39],
  ],
  pantry: [
    ['四川辣酱 210 g', 19.9, 7.5], ['Sesame oil 250 ml', 32, 13], ['桂花蜜 500 g', 45, 18], ['Rice noodles 1 kg', 26.5, 10.2], ['干香菇 250 g', 59, 26], ['镇江香醋 550 ml', 18.8, 6.9],
  ],
  sweets: [
    ['绿豆糕 12 pieces', 38, 14], ['Mooncakes, box of 8', 168, 70], ['花生酥 400 g', 29.9, 11], ['Ginger candy 300 g', 24, 8.5], ['阿胶枣 500 g', 36, 15],
  ],
  home: [
    ['真丝枕套', 159, 68], ['Linen tea towel', 35, 12], ['香薰蜡烛 200 g', 99, 36], ['Bamboo storage box', 72, 29], ['羊毛毯 150×200 cm', 459, 205],
  ],
};

/** The catalogue, best sellers first: the first of every category, then the second of every category, and so on. */
export function catalogue(): Product[] {
  const ranked = Object.entries(OFFERS).flatMap(([category, offers], column) =>
    offers.map(([name, price, cost], row) => ({ rank: row * 10 + column, category, name, priceMinor: minor(price), costMinor: minor(cost), place: row + 1 })));
  return ranked
    .sort((one, other) => one.rank - other.rank)
    .map(({ category, name, priceMinor, costMinor, place }, index) => ({
      id: String(7001 + index), sku: `${category.slice(0, 3).toUpperCase()}-${String(place).padStart(2, '0')}`, name, category, priceMinor, costMinor,
    }));
}

function minor(yuan: number): number {
  return Math.round(yuan * 100);
}

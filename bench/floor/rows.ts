import { totalOf, type Person, type Purchase } from '../shop/shop.js';

export type Cell = string | number | Date | readonly string[];

/** The floor's ids follow from the numbers of the shop: in order of time, as the app's are, so that both fill their indexes alike. */
export function floorId(kind: 'person' | 'purchase', n: number): string {
  const hex = (n + 1).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${kind === 'person' ? '0' : '1'}00000000000`;
}

export function customerRow({ n, name, gender, phone, email, province, city, tags, createdAt }: Person): Cell[] {
  return [floorId('person', n), name, gender, phone, email, 'CN', province, city, tags, createdAt, gramsOf(name, phone)];
}

export function purchaseRow(purchase: Purchase): Cell[] {
  const { n, customer, status, channel, placedAt, lines } = purchase;
  return [floorId('purchase', n), floorId('person', customer), status, channel, totalOf(purchase), lines.reduce((sum, line) => sum + line.quantity, 0), placedAt];
}

export function lineRows({ n, lines }: Purchase): Cell[][] {
  return lines.map((line, index) => [floorId('purchase', n), index + 1, line.sku, line.name, line.quantity, line.unitPriceMinor]);
}

/** What a row is found by. */
export function gramsOf(name: string, phone: string): string[] {
  return [...new Set([...runs(name.toLowerCase(), 2), ...runs(phone, 3)])];
}

/** What all rows with this fragment have. */
export function gramsOfFragment(fragment: string): string[] {
  return /^\d+$/.test(fragment) ? runs(fragment, 3) : runs(fragment.toLowerCase(), 2);
}

function runs(text: string, length: number): string[] {
  const letters = Array.from(text);
  return letters.slice(0, Math.max(0, letters.length - length + 1)).map((_, index) => letters.slice(index, index + length).join(''));
}

/** The number in the shop that an id was made of. */
export function numberOf(id: string): number {
  return Number.parseInt(id.slice(0, 13).replace('-', ''), 16) - 1;
}

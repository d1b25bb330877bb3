const COMBINING_MARKS = /[\u0300-\u036f]/g;
const CAMEL_HUMP = /(\p{Ll}|\p{N})(\p{Lu})/gu;
const NO_WORD = /[^\p{L}\p{N}]+/gu;
const SCRIPT_CHANGE = /(?<=\p{Script=Han})(?=[^\p{Script=Han}\s])|(?<=[^\p{Script=Han}\s])(?=\p{Script=Han})/gu;
/** Words that make another thing of what they stand beside: the number of an order is no order, the length of a name no name. */
const MAKES_ANOTHER = new Set(['id', 'no', 'number', 'code', 'key', 'length', 'lenght', 'count', 'size', 'weight', 'type', 'url', 'image', 'date', 'time', 'status', 'rate', 'flag', 'label', 'shared']);
const MAKES_ANOTHER_IN_CHINESE = /订单|编号|数量|类型|状态|备注|单价|标签|共用/;
const HAN = /^\p{Script=Han}/u;

/** The words of a header in a form in which spellings do not differ: `订单ＩＤ`, `订单 id` → `订单`, `id`; `billingAddress1`, `Billing_Address 1` → `billing`, `address`, `1`. */
export function headerWords(header: string): string[] {
  const spaced = header.normalize('NFKD').replace(COMBINING_MARKS, '').normalize('NFC').replace(CAMEL_HUMP, '$1 $2').replace(/(\p{L})(\p{N})/gu, '$1 $2');
  return spaced.toLowerCase().replace(NO_WORD, ' ').replace(SCRIPT_CHANGE, ' ').split(' ').filter((word) => word !== '');
}

/** Equal for headers that say the same words, however they are set apart: `orderid`, `Order ID`, `order_id`. */
export function headerKey(header: string): string {
  return headerWords(header).join('');
}

/**
 * How many words two headers share, 0 to 1 (Dice's coefficient). Chinese is compared by pairs of characters, and a long
 * Latin word counts in another grammatical number too. Headers of which one only has a word such as `id` are not alike at all.
 */
export function likeness(one: readonly string[], other: readonly string[]): number {
  const [mine, theirs] = [one.flatMap(units), other.flatMap(units)];
  if (mine.length === 0 || theirs.length === 0) return 0;
  if (different(one, other) || different(other, one)) return 0;
  const left = [...theirs];
  let shared = 0;
  for (const unit of mine) {
    const at = left.indexOf(unit);
    if (at < 0) continue;
    left.splice(at, 1);
    shared += 1;
  }
  return (2 * shared) / (mine.length + theirs.length);
}

function different(one: readonly string[], other: readonly string[]): boolean {
  return one.some((word) => {
    const [chinese] = MAKES_ANOTHER_IN_CHINESE.exec(word) ?? [];
    return (MAKES_ANOTHER.has(word) && !other.includes(word)) || (chinese !== undefined && !other.some((their) => their.includes(chinese)));
  });
}

function units(word: string): string[] {
  if (!HAN.test(word)) return [word.length > 3 ? word.replace(/s$/, '') : word];
  const characters = Array.from(word);
  return characters.length === 1 ? characters : characters.slice(1).map((character, index) => characters[index]! + character);
}

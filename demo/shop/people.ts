import { base, en, Faker, zh_CN } from '@faker-js/faker';
import { Dice, runningSums } from './dice.js';
import { CHINESE_CITIES, CHINESE_STREETS, ENGLISH_CITIES } from './places.js';
import { DAY, type Year } from './year.js';

/** How somebody shops; the shop is made of these, and the reports have to find them again. */
export type Habit = 'never_bought' | 'one_time' | 'occasional' | 'regular' | 'silent';

export interface Person {
  /** Their id in the shop's own system. */
  readonly id: string;
  readonly habit: Habit;
  readonly language: 'zh-CN' | 'en';
  readonly name: string;
  readonly gender: 'female' | 'male';
  readonly bornOn: string;
  /** E.164, or undefined where the numbers kept for fiction have run out. */
  readonly phone: string | undefined;
  readonly email: string;
  readonly address: { readonly line: string; readonly city: string; readonly province: string; readonly postcode: string; readonly country: string };
  readonly tags: readonly string[];
  readonly source: string;
  /** When the shop first knew them; at their first order at the latest. */
  readonly joinedAt: Date;
}

const HABITS: Readonly<Record<Habit, number>> = { never_bought: 8, one_time: 45, occasional: 24, regular: 13, silent: 10 };
const CHINESE_SHARE = 0.7;
const NEWSLETTER_SHARE = 0.35;
const SOURCES = { wechat: 40, web: 30, store: 15, tmall: 15 } as const;
const ENGLISH_SOURCES = { web: 80, store: 20 } as const;
/** Who was known before the year of orders began, and for how long at the most. */
const KNOWN_BEFORE: Readonly<Record<Habit, number>> = { never_bought: 0.3, one_time: 0.3, occasional: 0.5, regular: 0.7, silent: 0.7 };
const KNOWN_BEFORE_DAYS = 900;

export function people(seed: number, count: number, year: Year): Person[] {
  const dice = new Dice(seed, 'people');
  const names = { 'zh-CN': new Faker({ locale: [zh_CN, base], seed }), en: new Faker({ locale: [en, base], seed }) };
  const phones = new FictionalPhones();
  return Array.from({ length: count }, (_, index) => {
    const language = dice.chance(CHINESE_SHARE) ? 'zh-CN' : 'en';
    const gender = dice.chance(0.58) ? 'female' : 'male';
    const habit = dice.weighted(HABITS);
    const home = language === 'en' ? englishHome(dice, names.en) : chineseHome(dice);
    return {
      id: `c-${String(index + 1).padStart(6, '0')}`, habit, language, gender,
      name: nameOf(names[language], language, gender),
      bornOn: bornOn(dice),
      phone: phones.next(home.fictional),
      email: `customer${index + 1}@example.${dice.pick(['com', 'net', 'org'])}`,
      address: home.address,
      tags: dice.chance(NEWSLETTER_SHARE) ? ['newsletter'] : [],
      source: dice.weighted<string>(language === 'en' ? ENGLISH_SOURCES : SOURCES),
      joinedAt: joinedAt(dice, habit, year),
    };
  });
}

/** When they may order: the first and the last day of the year, the last excluded. */
export function daysToOrder(person: Person, { from, weights }: Year): readonly [first: number, end: number] {
  const first = Math.max(0, Math.ceil((person.joinedAt.getTime() - from.getTime()) / DAY));
  return [first, person.habit === 'silent' ? weights.length - SILENT_DAYS : weights.length];
}

/** Silent customers bought nothing for at least so long. */
export const SILENT_DAYS = 150;
/** So much of their time must be left for those who order more than once. */
const DAYS_TO_COME_BACK = 60;

function joinedAt(dice: Dice, habit: Habit, { from, weights }: Year): Date {
  if (dice.chance(KNOWN_BEFORE[habit])) return new Date(from.getTime() - dice.between(0, KNOWN_BEFORE_DAYS) * DAY - dice.between(0, DAY));
  const end = habit === 'silent' ? weights.length - SILENT_DAYS : weights.length;
  const last = habit === 'one_time' || habit === 'never_bought' ? end - 1 : end - DAYS_TO_COME_BACK;
  return new Date(from.getTime() + dice.among(weights, 0, last) * DAY - dice.between(1, DAY - 1));
}

function nameOf(faker: Faker, language: Person['language'], gender: Person['gender']): string {
  const [first, last] = [faker.person.firstName(gender), faker.person.lastName(gender)];
  return language === 'zh-CN' ? `${last}${first}` : `${first} ${last}`;
}

function bornOn(dice: Dice): string {
  return new Date(Date.UTC(dice.between(1955, 2006), dice.between(0, 11), dice.between(1, 28))).toISOString().slice(0, 10);
}

interface Home {
  readonly address: Person['address'];
  readonly fictional: NumberRange;
}

/** Numbers that begin with `phone` and end in `from` to before `from + numbers`, filled up with zeros to `digits`. */
interface NumberRange {
  readonly phone: string;
  readonly from: number;
  readonly numbers: number;
  readonly digits: number;
}

/** China keeps no numbers for fiction. 154 has been given to no operator, so these ring nowhere. */
const CHINESE_NUMBERS: NumberRange = { phone: '+86154', from: 0, numbers: 100_000_000, digits: 8 };

const CHINESE_WEIGHTS = runningSums(CHINESE_CITIES.map(({ weight }) => weight));
const ENGLISH_WEIGHTS = runningSums(ENGLISH_CITIES.map(({ weight }) => weight));

function chineseHome(dice: Dice): Home {
  const { city, province, postcode } = CHINESE_CITIES[dice.among(CHINESE_WEIGHTS)]!;
  const line = `${dice.pick(CHINESE_STREETS)} ${dice.between(1, 999)} 号 ${dice.between(1, 30)} 栋 ${dice.between(101, 2804)} 室`;
  return { address: { line, city, province, postcode, country: 'CN' }, fictional: CHINESE_NUMBERS };
}

function englishHome(dice: Dice, faker: Faker): Home {
  const { city, province, postcode, country, phone, from, numbers } = ENGLISH_CITIES[dice.among(ENGLISH_WEIGHTS)]!;
  const line = `${dice.between(1, 999)} ${faker.location.street()}`;
  return { address: { line, city, province, postcode, country }, fictional: { phone, from, numbers, digits: 4 } };
}

/** Hands out each number once. */
class FictionalPhones {
  private readonly given = new Map<string, number>();

  next({ phone, from, numbers, digits }: NumberRange): string | undefined {
    const given = this.given.get(phone) ?? 0;
    if (given >= numbers) return undefined;
    this.given.set(phone, given + 1);
    return phone + String(from + given).padStart(digits, '0');
  }
}

import { InvalidArgumentError } from 'commander';

/** Reads `--map name=column` given any number of times; what is right of the first `=` stays as it is. */
export function pairs(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be written name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export function commaList(text: string): string[] {
  return text.split(',').map((part) => part.trim()).filter((part) => part !== '');
}

/** The first so many, or all of them. */
export async function* first<T>(count: number, items: AsyncIterable<T>): AsyncGenerator<T> {
  if (count === 0) return;
  let given = 0;
  for await (const item of items) {
    yield item;
    given += 1;
    if (given === count) return;
  }
}

/** Folded already: nothing in these ranges decomposes or has case. Most Chinese names, at a tenth of the cost. */
const PLAIN = /^[a-z0-9\u4e00-\u9fff]*$/;
const ASCII = /^[\0-\x7f]*$/;
const NO_ASCII_LETTER_OR_DIGIT = /[^a-z0-9]/g;
const COMBINING_MARKS = /[\u0300-\u036f]/g;
const NO_LETTER_OR_DIGIT = /[^\p{L}\p{M}\p{N}]/gu;
const FINAL_SIGMA = /ς/g;
const HAN_KANA_HANGUL_BOPOMOFO = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u;
const NO_DIGIT = /[^0-9]/g;

/**
 * What two spellings of one name have in common: width, case, accents, blanks and punctuation gone.
 * `Ｚｏë O’Brien` → `zoeobrien`, `阿依古丽·买买提` → `阿依古丽买买提`, `Straße` → `strasse`. A slice of the result folds to itself.
 */
export function foldText(text: string): string {
  if (PLAIN.test(text)) return text;
  if (ASCII.test(text)) return text.toLowerCase().replace(NO_ASCII_LETTER_OR_DIGIT, '');
  return (
    text
      .normalize('NFKD')
      .replace(COMBINING_MARKS, '')
      // Down, up and down again is full case folding: ẞ and ß become ss, the dotless i becomes i.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      // A sigma looks different at the end of a word, and a fragment does not know where the word ends.
      .replace(FINAL_SIGMA, 'σ')
      // Lower case may bring marks of its own (İ → i + dot), upper case may undo a compatibility form.
      .normalize('NFKD')
      .replace(COMBINING_MARKS, '')
      .replace(NO_LETTER_OR_DIGIT, '')
      .normalize('NFC')
  );
}

/** ASCII digits only; full-width ones count. `+86 (138) 1234-5678` → `8613812345678`. */
export function foldDigits(text: string): string {
  return (ASCII.test(text) ? text : text.normalize('NFKC')).replace(NO_DIGIT, '');
}

/** Scripts in which one character is already a word or half a name, so that it must be found alone. */
export function standsAlone(character: string): boolean {
  // Hangul jamo are the first of them; Latin, Greek, Cyrillic, Hebrew and Arabic lie below and need no table.
  return character >= '\u1100' && HAN_KANA_HANGUL_BOPOMOFO.test(character);
}

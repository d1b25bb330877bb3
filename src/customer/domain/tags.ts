import type { FieldProblems } from './field-problems.js';

export const MOST_TAGS = 100;
export const LONGEST_TAG = 50;

/** Sorted by code unit and without repeats, so that equal sets are equal lists. */
export function readTags(given: readonly string[], problems: FieldProblems, pointer = '/tags'): string[] {
  const tags = given.map((tag, index) => {
    const trimmed = tag.trim().normalize('NFC');
    // Lists are filtered by `tagsAny=a,b`.
    if (trimmed === '' || trimmed.length > LONGEST_TAG || trimmed.includes(',')) {
      problems.add(`${pointer}/${index}`, 'invalid_tag', `must be 1 to ${LONGEST_TAG} characters without a comma`);
    }
    return trimmed;
  });
  const distinct = [...new Set(tags)].sort();
  if (distinct.length > MOST_TAGS) problems.add(pointer, 'too_many', `may hold ${MOST_TAGS} at most`);
  return distinct;
}

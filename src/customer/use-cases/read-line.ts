import type { FieldError } from '../../kernel/domain-error.js';
import { isId, type Id } from '../../kernel/id.js';
import type { LineProblem, MappedLine } from '../../platform/transfer/import-definition.js';
import { readList } from '../../platform/transfer/list-cell.js';
import { readDay, readInstant } from '../../platform/transfer/read-instant.js';
import type { CalendarDate } from '../domain/calendar-date.js';
import type { ContactPointInput, ReadPhone } from '../domain/contact-point.js';
import { readDetails, type Details, type DetailsInput, type Gender } from '../domain/details.js';
import { SYSTEM } from '../domain/external-ids.js';
import { FieldProblems } from '../domain/field-problems.js';
import type { PostalAddressInput } from '../domain/postal-address.js';
import { ADDRESS_PARTS, CONTACT_COLUMNS, EXTERNAL_ID_COLUMN } from './import-columns.js';

/** What one line says about one person. */
export interface CustomerLine {
  readonly line: number;
  /** Our own, of somebody known here or in the installation the file comes from. */
  readonly id?: Id;
  readonly details: Partial<Details>;
  readonly source?: string;
  readonly createdAt?: Date;
}

export interface LineReading {
  readonly readPhone: ReadPhone;
  readonly today: CalendarDate;
  /** IANA zone of instants without an offset. */
  readonly timeZone: string;
}

/** Words for genders met in files, in lower case. */
const GENDER_WORDS: Readonly<Record<string, Gender>> = { female: 'female', f: 'female', 女: 'female', male: 'male', m: 'male', 男: 'male', other: 'other', 其他: 'other' };

const BOOLEAN_WORDS: Readonly<Record<string, boolean>> = { true: true, yes: true, 1: true, 是: true, false: false, no: false, 0: false, 否: false };

type Refuse = (column: string, code: string, detail: string) => void;

type Values = MappedLine['values'];

/** The line in the normal form of the domain, or everything that is wrong with it, by column. */
export function readLine({ line, values }: MappedLine, { readPhone, today, timeZone }: LineReading): CustomerLine | readonly LineProblem[] {
  const problems: LineProblem[] = [];
  const refuse: Refuse = (column, code, detail) => void problems.push({ line, column, code, detail });
  const input: DetailsInput = {
    ...single(values),
    ...(values['gender'] !== undefined && { gender: genderIn(values['gender'], refuse) }),
    ...(values['bornOn'] !== undefined && { bornOn: readDay(values['bornOn']) ?? values['bornOn'] }),
    ...listed(values, refuse),
  };
  const createdAt = values['createdAt'] === undefined ? undefined : readInstant(values['createdAt'], timeZone);
  if (values['createdAt'] !== undefined && createdAt === undefined) refuse('createdAt', 'invalid_instant', 'is not an instant such as 2021-05-04T10:00:00Z');
  const { source } = values;
  const id = values['id']?.toLowerCase();
  if (id !== undefined && !isId(id)) refuse('id', 'invalid_id', 'is no id of ours, which are UUIDs; an id of another system goes under externalIds.<system>');
  if (source !== undefined && !SYSTEM.test(source)) refuse('source', 'invalid_source', 'must be 1 to 40 lower-case letters, digits, - or _');

  const fields = new FieldProblems();
  const details = readDetails(input, { readPhone, today, problems: fields });
  for (const field of fields.all) refuse(columnOf(field, input), field.code, field.detail);
  return problems.length > 0 ? problems : { line, id, details, source, createdAt };
}

function single(values: Values): DetailsInput {
  return {
    ...(values['name'] !== undefined && { name: values['name'] }),
    ...(values['language'] !== undefined && { language: values['language'] }),
    ...(values['note'] !== undefined && { note: values['note'] }),
  };
}

/** Lists the line says nothing about are left out. */
function listed(values: Values, refuse: Refuse): DetailsInput {
  const contactPoints: ContactPointInput[] = CONTACT_COLUMNS.flatMap((kind) => {
    const [value, label] = [values[kind], values[`${kind}Label`]];
    return value === undefined ? [] : [{ kind, value, label, shared: booleanIn(`${kind}Shared`, values, refuse) }];
  });
  const address: PostalAddressInput = Object.fromEntries(ADDRESS_PARTS.map((part) => [part, values[`address.${part}`]]).filter(([, value]) => value !== undefined));
  const externalIds = Object.keys(values)
    .filter((column) => column.startsWith(EXTERNAL_ID_COLUMN))
    .map((column) => ({ system: column.slice(EXTERNAL_ID_COLUMN.length), id: values[column]! }));
  const tags = values['tags'] === undefined ? undefined : readList(values['tags']).filter((tag) => tag.trim() !== '');
  return {
    ...(contactPoints.length > 0 && { contactPoints }),
    ...(Object.keys(address).length > 0 && { addresses: [address] }),
    ...(externalIds.length > 0 && { externalIds }),
    ...(tags && { tags }),
  };
}

function booleanIn(column: string, values: Values, refuse: Refuse): boolean | undefined {
  const word = values[column]?.trim().toLowerCase();
  if (word === undefined) return undefined;
  const answer = Object.hasOwn(BOOLEAN_WORDS, word) ? BOOLEAN_WORDS[word] : undefined;
  if (answer === undefined) refuse(column, 'invalid_boolean', 'is neither true nor false');
  return answer;
}

function genderIn(word: string, refuse: Refuse): Gender | null {
  const gender = GENDER_WORDS[word.trim().toLowerCase()];
  if (gender === undefined) refuse('gender', 'invalid_gender', 'is none of female, male and other');
  return gender ?? null;
}

/** The column a problem of a field came from. */
function columnOf({ pointer }: FieldError, { contactPoints, externalIds }: DetailsInput): string {
  const [, field = '', index = '', part] = pointer.split('/');
  if (field === 'contactPoints') return contactPoints?.[Number(index)]?.kind ?? field;
  if (field === 'externalIds') return `${EXTERNAL_ID_COLUMN}${externalIds?.[Number(index)]?.system ?? ''}`;
  if (field === 'addresses') return part === undefined ? 'address.line' : `address.${part}`;
  return field;
}

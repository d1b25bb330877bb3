/**
 * How a column keeps personal data: `sealed` opens only with the person's key, a `blind_index` is a keyed fingerprint of it,
 * a `pseudonym` stands for a person without saying who (an id of a foreign system, a signature, an address of a socket).
 */
export type Kept = 'sealed' | 'blind_index' | 'pseudonym';

export interface PersonalColumn {
  /** With its schema: `customer.customer`. */
  readonly table: string;
  readonly column: string;
  readonly how: Kept;
  /** What makes it unreadable or empty when the person is erased: `vault key`, or the use case that clears it. */
  readonly erasedBy: string;
}

export interface NotPersonalColumn {
  readonly table: string;
  readonly column: string;
  /** Why no text about a person can stand in it: `one of a fixed list`, `name of a product`. */
  readonly reason: string;
}

/** What one table says about its columns. */
export interface TableOfPersonalData {
  readonly table: string;
  readonly personal: readonly PersonalColumn[];
  readonly notPersonal: readonly NotPersonalColumn[];
}

/**
 * A context declares each of its tables in `persistence/personal-data.ts`:
 * ```ts
 * definePersonalData('customer.customer', {
 *   personal: { sealed: { how: 'sealed', erasedBy: 'vault key' }, phone_index: { how: 'blind_index', erasedBy: 'EraseCustomer' } },
 *   notPersonal: { level: 'one of a fixed list' },
 * })
 * ```
 * Columns that hold no text, bytes or lists (ids, amounts, instants) need no word, unless their name speaks of a person.
 */
export function definePersonalData(
  table: string,
  columns: {
    readonly personal?: Readonly<Record<string, Pick<PersonalColumn, 'how' | 'erasedBy'>>>;
    readonly notPersonal?: Readonly<Record<string, string>>;
  },
): TableOfPersonalData {
  const { personal = {}, notPersonal = {} } = columns;
  for (const column of Object.keys(personal)) {
    if (column in notPersonal) throw new Error(`${table}.${column} is declared both personal and not. Keep one.`);
  }
  return {
    table,
    personal: Object.entries(personal).map(([column, { how, erasedBy }]) => ({ table, column, how, erasedBy })),
    notPersonal: Object.entries(notPersonal).map(([column, reason]) => ({ table, column, reason })),
  };
}

/** A row of `information_schema.columns`. */
export interface ActualColumn {
  readonly table_schema: string;
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
}

/** Types that can hold words about a person, or where they are. `USER-DEFINED` is citext, hstore and the like; enums pay with one line. */
const TELLING_TYPES = new Set([
  'text', 'character varying', 'character', 'bytea', 'json', 'jsonb', 'xml', 'tsvector', 'ARRAY', 'USER-DEFINED', 'inet', 'cidr', 'point',
]);

/** A birthday is a date and a telephone may be a number. */
const TELLING_NAME = /birth|phone|mobile|email|e_mail|address|first_name|last_name|passport|id_number|latitude|longitude/;

/**
 * Columns of the declared schemas that may hold personal data and about which the map says nothing, as `schema.table.column`, sorted.
 * A schema is declared by its first table, so a new table in it is asked about too.
 */
export function undeclaredColumns(map: readonly TableOfPersonalData[], actual: readonly ActualColumn[]): string[] {
  const schemas = new Set(map.map(({ table }) => table.split('.')[0]));
  const declared = new Set(declaredColumns(map));
  return actual
    .filter((column) => schemas.has(column.table_schema) && mayTell(column))
    .map(pathOf)
    .filter((path) => !declared.has(path))
    .sort();
}

/** Declared columns that are not in the database: renamed, dropped or misspelt, so that the map would protect nothing. */
export function vanishedColumns(map: readonly TableOfPersonalData[], actual: readonly ActualColumn[]): string[] {
  const present = new Set(actual.map(pathOf));
  return declaredColumns(map).filter((path) => !present.has(path)).sort();
}

function mayTell({ data_type, column_name }: ActualColumn): boolean {
  return TELLING_TYPES.has(data_type) || TELLING_NAME.test(column_name);
}

function pathOf(column: ActualColumn): string {
  return `${column.table_schema}.${column.table_name}.${column.column_name}`;
}

function declaredColumns(map: readonly TableOfPersonalData[]): string[] {
  return map.flatMap(({ personal, notPersonal }) => [...personal, ...notPersonal].map(({ table, column }) => `${table}.${column}`));
}

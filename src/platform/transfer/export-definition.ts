import type { Sql } from '../database/sql.js';
import type { ExportFilter, ExportFilterValues } from './export-filter.js';
import { isOpen, type ImportColumn } from './import-definition.js';

/**
 * A column of an exported file. One that can be imported has the name and type it has there, so that a file needs no
 * mapping on its way back in.
 */
export interface ExportColumn extends Pick<ImportColumn, 'name' | 'type' | 'description'> {
  /** Worked out from the others, such as a total, so an import takes it from nobody; in a file only if asked for. */
  readonly derived?: boolean;
}

/** By the type of the column: `integer` a number, `amount` a decimal string, `instant` a Date, `date` as `1990-06-15`, `list` its items. */
export type ExportCell = string | number | boolean | Date | readonly string[] | null | undefined;

/** One line of a file by the names of its columns. */
export type ExportLine = Readonly<Record<string, ExportCell>>;

/** Records in the order of their keys. */
export interface ExportPage {
  /** One for each record, more for one that does not fit into a line. */
  readonly lines: readonly ExportLine[];
  readonly records: number;
  /** The key of the last record: where the next page begins. Undefined on the last page. */
  readonly next?: string;
}

/**
 * What can be taken out, declared by the context that owns it. A file is read page by page in the order of a key that never
 * changes: whoever is there throughout is in it exactly once, as at one instant of the export. No snapshot is held over the
 * whole of it, which would keep PostgreSQL from tidying up for as long, and could not be taken up again after a restart.
 */
export interface ExportDefinition {
  /** Plural resource name as in the URL, e.g. `customers`. */
  readonly resource: string;
  readonly title: string;
  /** Needed beside `export:run`: whoever may read them all may take them all out. */
  readonly permission: string;
  /** True if it is about people: who takes it out is written down as their reader. */
  readonly personal: boolean;
  readonly columns: readonly ExportColumn[];
  readonly filters: readonly ExportFilter[];
  /** What the open end of a column (`externalIds.<system>`) stands for at present; at most `most` names. */
  namesOf(from: Sql, column: string, most: number): Promise<readonly string[]>;
  count(from: Sql, filter: ExportFilterValues): Promise<number>;
  /** @param asked names of the columns the file has; what others would say may be left out. @param after `next` of the page before. */
  page(from: Sql, filter: ExportFilterValues, asked: ReadonlySet<string>, after: string | undefined, limit: number): Promise<ExportPage>;
}

/** The columns of a file at present, open ones by the names they stand for. */
export async function columnsAtPresent(definition: ExportDefinition, from: Sql, most: number): Promise<string[]> {
  const columns: string[] = [];
  for (const column of definition.columns) {
    if (column.derived) continue;
    if (!isOpen(column)) columns.push(column.name);
    else for (const name of await definition.namesOf(from, column.name, most)) columns.push(openColumn(column.name, name));
  }
  return columns;
}

/** `externalIds.<system>` and `shopify` make `externalIds.shopify`. */
function openColumn(column: string, name: string): string {
  return column.slice(0, column.indexOf('<')) + name;
}

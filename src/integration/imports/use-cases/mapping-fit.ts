import type { FieldError } from '../../../kernel/domain-error.js';
import { columnNamed, isOpen, type ImportDefinition } from '../../../platform/transfer/import-definition.js';
import type { Imports } from '../../../platform/transfer/imports.js';
import type { Upload } from '../../files/persistence/upload.js';
import type { ColumnMapping } from '../domain/column-mapping.js';

/** What does not fit the resource: names it does not have, rules that map nothing, required columns left out. */
export function unfitForResource(mapping: ColumnMapping, definition: ImportDefinition): FieldError[] {
  const rules = Object.entries(mapping).flatMap(([name, rule]): FieldError[] => {
    if (!columnNamed(definition, name)) return [{ pointer: pointerTo(name), code: 'unknown_column', detail: `is no column of ${definition.resource}; GET /v1/imports/resources lists them` }];
    return rule.column === undefined && rule.constant === undefined && !rule.fileLine ? [{ pointer: pointerTo(name), code: 'nothing_mapped', detail: 'needs a column of the file, a constant or fileLine' }] : [];
  });
  return [...rules, ...missingColumns(mapping, definition)];
}

/** Columns that the file does not have. Lines of NDJSON differ, so a path that the first ones lack is no mistake. */
export function unfitForFile(mapping: ColumnMapping, upload: Pick<Upload, 'columns' | 'format'>): FieldError[] {
  if (upload.format === 'ndjson') return [];
  const inFile = new Set(upload.columns);
  return Object.entries(mapping).flatMap(([name, { column }]) =>
    column === undefined || inFile.has(column) ? [] : [{ pointer: pointerTo(name), code: 'unknown_file_column', detail: `"${column}" is not in the file, which has ${listed(upload.columns)}` }]);
}

/** For a name that no import has. */
export function unknownResource(imports: Imports): FieldError {
  return { pointer: '/resource', code: 'unknown_resource', detail: `is not one of ${imports.all().map((one) => one.resource).join(', ')}` };
}

function missingColumns(mapping: ColumnMapping, definition: ImportDefinition): FieldError[] {
  const mapped = Object.keys(mapping);
  return definition.columns
    .filter((column) => column.required && !mapped.some((name) => columnNamed({ ...definition, columns: [column] }, name)))
    .map((column) => ({
      pointer: '/mapping',
      code: 'column_missing',
      detail: `must say where ${isOpen(column) ? `a column such as ${column.name}` : column.name} comes from: ${column.description}`,
    }));
}

/** RFC 6901. */
function pointerTo(name: string): string {
  return `/mapping/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function listed(columns: readonly string[]): string {
  return columns.length > 20 ? `${columns.slice(0, 20).join(', ')} and ${columns.length - 20} more` : columns.join(', ');
}

import { Readable } from 'node:stream';
import { applyDecorators, createParamDecorator, HttpCode, StreamableFile, type ExecutionContext, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { CSV_BOM, csvRows, type CsvCell } from '../transfer/csv.js';
import { NEXT } from './answers.js';
import { Reply } from './reply.js';

/** What the query of a route that answers a table takes. */
export class TableQuery {
  @ApiPropertyOptional({ enum: ['json', 'csv'], description: '`csv` for a file that opens in a spreadsheet, whatever `Accept` says.' })
  @IsOptional() @IsIn(['json', 'csv'])
  format?: 'json' | 'csv';
}

/** True if `format` or, without it, the `Accept` header asks for CSV rather than JSON. */
export const WantsCsv = createParamDecorator((_: unknown, context: ExecutionContext): boolean => {
  const { query, headers } = context.switchToHttp().getRequest<FastifyRequest>();
  const { format } = query as { readonly format?: unknown };
  return format === undefined ? prefersCsv(headers.accept ?? '') : format === 'csv';
});

/** Answers 200 with the table as JSON, or as the same rows in CSV, of which `csv` is the first line. `list`: as JSON it comes in pages. */
export function GivesTable(type: Type, { csv, list = false }: { readonly csv: string; readonly list?: boolean }): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    ApiExtraModels(type),
    ApiResponse({
      status: 200,
      description: 'As asked for.',
      headers: list ? NEXT : {},
      content: {
        'application/json': { schema: { $ref: getSchemaPath(type) } },
        'text/csv': { schema: { type: 'string', description: 'UTF-8 with a byte order mark, a line of names, then one line for each row.' }, example: csv },
      },
    }),
  );
}

export interface CsvTable<Row> {
  /** Of the file, without `.csv`. */
  readonly name: string;
  readonly columns: readonly (readonly [name: string, cell: (row: Row) => CsvCell])[];
}

/** JSON, where the same address may also be had as CSV. */
export function jsonTable<T>(body: T): Reply<T> {
  return new Reply(200, body, { Vary: 'Accept' });
}

/** A file that leaves piece by piece, as fast as the reader takes it. */
export function csvTable<Row>({ name, columns }: CsvTable<Row>, pieces: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>): Reply<StreamableFile> {
  const file = new StreamableFile(Readable.from(lines(columns, pieces), { objectMode: false }), {
    type: 'text/csv; charset=utf-8; header=present',
    disposition: `attachment; filename="${name}.csv"`,
  });
  return new Reply(200, file, { Vary: 'Accept' });
}

async function* lines<Row>(columns: CsvTable<Row>['columns'], pieces: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>): AsyncGenerator<string> {
  yield CSV_BOM + csvRows([columns.map(([name]) => name)]);
  for await (const rows of pieces) if (rows.length > 0) yield csvRows(rows.map((row) => columns.map(([, cell]) => cell(row))));
}

/** RFC 9110 §12.5.1, for the two types there are; JSON where both are as good. */
function prefersCsv(accept: string): boolean {
  const weights = new Map(
    accept.slice(0, 1000).split(',').map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      return [type, q === undefined ? 1 : Number(q.slice(2)) || 0];
    }),
  );
  const weightOf = (...ranges: string[]) => ranges.map((range) => weights.get(range)).find((weight) => weight !== undefined) ?? 0;
  return weightOf('text/csv', 'text/*', '*/*') > weightOf('application/json', 'application/*', '*/*');
}

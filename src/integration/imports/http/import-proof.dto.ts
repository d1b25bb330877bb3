import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ListQuery } from '../../../platform/http/list.dto.js';

const ID = '0192f0c1-2b3c-7def-8abc-1234567890ab';

@ApiSchema({ name: 'ImportTally' })
export class ImportTallyDto {
  @ApiProperty({ type: 'integer', minimum: 0, example: 800 })
  records: number;

  /** Of the row's currency; null where the file tells no amount. */
  @ApiProperty({ type: String, nullable: true, example: '127482.37' })
  amount: string | null;
}

@ApiSchema({ name: 'RefusedTally' })
export class RefusedTallyDto {
  @ApiProperty({ type: 'integer', minimum: 0, example: 2 })
  lines: number;

  /** As far as refused lines could be read. */
  @ApiProperty({ type: String, nullable: true, example: '99.90' })
  amount: string | null;
}

@ApiSchema({ name: 'ImportProofRow' })
export class ImportProofRowDto {
  /** In the import's time zone; null where the file does not tell when. */
  @ApiProperty({ type: String, nullable: true, pattern: '^\\d{4}-\\d{2}$', example: '2018-01' })
  month: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'BRL' })
  currency: string | null;

  /** What the lines taken say: of a record that several speak of, the last. */
  @ApiProperty({ type: ImportTallyDto })
  file: ImportTallyDto;

  /** What is stored of the same records now. */
  @ApiProperty({ type: ImportTallyDto })
  database: ImportTallyDto;

  @ApiProperty({ type: RefusedTallyDto })
  refused: RefusedTallyDto;

  /** The file's records and amount are the database's. */
  @ApiProperty({ example: true })
  matches: boolean;
}

@ApiSchema({ name: 'ImportProofLines' })
export class ImportProofLinesDto {
  @ApiProperty({ type: 'integer', minimum: 0, example: 8135 })
  read: number;

  @ApiProperty({ type: 'integer', minimum: 0, example: 8135 })
  accepted: number;

  /** Left out, as the mapping says of lines where a column is blank. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  skipped: number;

  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  refused: number;

  /** Accepted lines about a record that another line speaks of too: accepted less repeated are the records. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 119 })
  repeated: number;
}

@ApiSchema({ name: 'ImportProof' })
export class ImportProofDto {
  /** Of the import. */
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ example: 'payments' })
  resource: string;

  /** Months are counted in it. */
  @ApiProperty({ example: 'America/Sao_Paulo' })
  timeZone: string;

  /** Every row matches. */
  @ApiProperty({ example: true })
  matches: boolean;

  @ApiProperty({ type: ImportProofLinesDto })
  lines: ImportProofLinesDto;

  @ApiProperty({ type: [ImportProofRowDto] })
  rows: readonly ImportProofRowDto[];
}

@ApiSchema({ name: 'KeptRecord' })
export class KeptRecordDto {
  /** Of the record; for a line of an order, the order's. */
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  /** The number of the order's line; null for other records. */
  @ApiProperty({ type: 'integer', nullable: true, example: null })
  part: number | null;

  /** The last line of the file that speaks of it. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 17 })
  line: number;

  /** Somebody changed it since, something else needs it (a customer's order, an order's payment), its person was erased, or the import changed it but did not make it. */
  @ApiProperty({ enum: ['changed_since', 'in_use', 'erased', 'updated_not_made'], example: 'in_use' })
  reason: string;
}

export class ListKeptRecordsQuery extends ListQuery {}

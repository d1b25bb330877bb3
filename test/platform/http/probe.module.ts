import { setTimeout as pause } from 'node:timers/promises';
import { Body, Controller, Get, Module, Patch, Post, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength, ValidateNested } from 'class-validator';
import { concurrencyConflict, notFound } from '../../../src/kernel/domain-error.js';
import { newId, type Id } from '../../../src/kernel/id.js';
import { Database } from '../../../src/platform/database/database.js';
import { sql } from '../../../src/platform/database/statement.js';
import { Public, SignedIn } from '../../../src/platform/http/access.js';
import { CurrentCall, IfMatch, type Call } from '../../../src/platform/http/call.js';
import { Commands } from '../../../src/platform/http/commands.js';
import { Cursors } from '../../../src/platform/http/cursor.js';
import { ListQuery } from '../../../src/platform/http/list.dto.js';
import { Omittable } from '../../../src/platform/http/merge-patch.js';
import { PathId } from '../../../src/platform/http/path-id.js';
import { created, ok, RawJson } from '../../../src/platform/http/reply.js';
import { TakesUpload, UploadedBody, type Upload } from '../../../src/platform/http/upload.js';

/** As the owner, before the first request: the probes' own table. */
export const PROBE_TABLE = `create table public.probe (id uuid primary key, name text not null, version int not null);
  grant select, insert, update on public.probe to shuke_app`;

const INSERT = sql<never>('probe.insert', 'insert into public.probe (id, name, version) values ($1, $2, 1)');
const UPDATE = sql<{ version: number }>('probe.update', 'update public.probe set name = coalesce($3, name), version = version + 1 where id = $1 and version = $2 returning version');
const FIND = sql<{ name: string; version: number }>('probe.find', 'select name, version from public.probe where id = $1');
const PAGE = sql<{ id: Id; name: string }>('probe.page', 'select id, name from public.probe where ($1::uuid is null or id > $1) order by id limit $2');
const HOLD = sql<never>('probe.hold', 'select pg_sleep($1)');
const DIVIDE = sql<never>('probe.divide', 'select 1 / $1::int');
const NO_TABLE = sql<never>('probe.no_table', 'select secret_column from no_such_table');

class InnerDto {
  @IsString() @MaxLength(10)
  word: string;
}

class CreateProbeDto {
  @IsString() @MinLength(1) @MaxLength(50)
  name: string;

  @IsOptional() @IsInt() @Min(0) @Max(1000)
  count?: number;

  @IsOptional() @IsArray() @ArrayMaxSize(20_000) @ValidateNested({ each: true }) @Type(() => InnerDto)
  inner?: InnerDto[];

  /** Seconds the transaction is kept open. */
  @IsOptional() @Max(5) @Min(0)
  hold?: number;
}

class PatchProbeDto {
  @Omittable() @IsString() @MaxLength(50)
  name?: string;
}

class SlowQuery {
  @Type(() => Number) @IsInt() @Min(0) @Max(10_000)
  ms: number;
}

class BrokenQuery {
  @IsIn(['sql', 'value', 'unforeseen', 'timeout', 'away', 'twin'])
  how: string;
}

@Controller('v1/probes')
class ProbesController {
  constructor(
    private readonly commands: Commands,
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @SignedIn()
  create(@CurrentCall() call: Call, @Body() body: CreateProbeDto) {
    return this.commands.run(call, async (tx) => {
      const id = newId();
      await tx.query(INSERT, [id, body.name]);
      if (body.hold) await tx.query(HOLD, [body.hold]);
      return created({ id, name: body.name }, { location: `/v1/probes/${id}`, version: 1 });
    });
  }

  @Get()
  @SignedIn()
  async list(@Query() { limit, cursor }: ListQuery) {
    const [after = null] = cursor === undefined ? [] : this.cursors.decode('probes', cursor);
    const rows = await this.database.query(PAGE, [after, limit + 1]);
    const data = rows.slice(0, limit);
    const hasMore = rows.length > limit;
    return { data, page: { nextCursor: hasMore ? this.cursors.encode('probes', [data.at(-1)!.id]) : null, hasMore } };
  }

  @Get('slow')
  @Public()
  async slow(@Query() { ms }: SlowQuery) {
    await pause(ms);
    return { waited: ms };
  }

  @Get('broken')
  @Public()
  async broken(@Query() { how }: BrokenQuery): Promise<unknown> {
    if (how === 'sql') return this.database.query(NO_TABLE);
    if (how === 'value') return this.database.query(DIVIDE, [0]);
    if (how === 'timeout') return this.database.query(HOLD, [30]);
    if (how === 'away') throw Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' });
    if (how === 'twin') throw Object.assign(new Error('duplicate key value violates "secret_key"'), { code: '23505', constraint: 'secret_key', detail: 'Key (email)=(a@b.c) already exists.' });
    throw new Error('the secret is 42');
  }

  @Get(':id')
  @SignedIn()
  async get(@PathId() id: Id) {
    const [row] = await this.database.query(FIND, [id]);
    if (!row) throw notFound('probe', id);
    return ok(new RawJson(`{"id":"${id}","name":${JSON.stringify(row.name)}}`), { version: row.version });
  }

  @Patch(':id')
  @SignedIn()
  patch(@CurrentCall() call: Call, @PathId() id: Id, @IfMatch() version: number, @Body() body: PatchProbeDto) {
    return this.commands.run(call, async (tx) => {
      const [row] = await tx.query(UPDATE, [id, version, body.name ?? null]);
      if (!row) throw concurrencyConflict('probe', id);
      return ok({ id }, { version: row.version });
    });
  }

  @Post('upload')
  @SignedIn()
  @TakesUpload('text/csv', 'application/x-ndjson')
  async upload(@UploadedBody() upload: Upload) {
    let bytes = 0;
    for await (const chunk of upload.stream) bytes += (chunk as Buffer).length;
    return { bytes, type: upload.type, encoding: upload.encoding ?? null };
  }
}

/** Routes that stand in for the product's, where none of those shows what the shell does. */
@Module({ controllers: [ProbesController] })
export class ProbeModule {}

@Controller('v1/forgotten')
class ForgottenController {
  @Get()
  get() {
    return {};
  }
}

/** A route whose author forgot to say who may call it. */
@Module({ controllers: [ForgottenController] })
export class ForgottenModule {}

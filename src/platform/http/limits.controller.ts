import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AppConfig } from '../config/config.js';
import { SignedIn } from './access.js';
import { Gives } from './answers.js';
import { LimitsDto } from './limits.dto.js';
import { MAX_STREAMS, MAX_STREAMS_PER_CALLER } from './load.js';
import { MAX_BODY_BYTES, MAX_DEPTH, MAX_KEYS, MAX_UPLOAD_BYTES } from './limits.js';
import { DEFAULT_LIMIT, MAX_LIMIT } from './list.dto.js';

@ApiTags('platform')
@Controller('v1/limits')
export class LimitsController {
  constructor(private readonly config: AppConfig) {}

  @Get()
  @SignedIn()
  @ApiOperation({ operationId: 'getLimits', summary: 'How much one request may bring and ask for' })
  @Gives(LimitsDto, { plain: true })
  get(): LimitsDto {
    return {
      bodyBytes: MAX_BODY_BYTES,
      uploadBytes: MAX_UPLOAD_BYTES,
      fileBytes: this.config.maxFileBytes,
      bodyDepth: MAX_DEPTH,
      bodyMembers: MAX_KEYS,
      defaultPageSize: DEFAULT_LIMIT,
      maxPageSize: MAX_LIMIT,
      statementTimeout: `PT${this.config.statementTimeoutMs / 1000}S`,
      idempotencyKept: 'PT24H',
      waitForEvent: 'PT2S',
      concurrentRequests: this.config.maxConcurrentRequests,
      streams: MAX_STREAMS,
      streamsPerCaller: MAX_STREAMS_PER_CALLER,
    };
  }
}

import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../http/access.js';
import { Gives } from '../http/answers.js';
import { Reply } from '../http/reply.js';
import { Health } from './health.js';
import { LivenessDto, ReadinessDto } from './health.dto.js';

@ApiTags('platform')
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('live')
  @Public()
  @ApiOperation({ operationId: 'getLiveness', summary: 'Whether the process answers at all' })
  @Gives(LivenessDto, { description: 'It does. Restart the process if this does not come.', plain: true })
  live(): LivenessDto {
    return { status: 'alive' };
  }

  @Get('ready')
  @Public()
  @ApiOperation({ operationId: 'getReadiness', summary: 'Whether the process can do its work, and why not' })
  @Gives(ReadinessDto, { description: 'It can.', plain: true })
  @ApiResponse({ status: 503, type: ReadinessDto, description: 'It cannot: `checks` says why. Send it no requests meanwhile.' })
  async ready(): Promise<Reply<ReadinessDto>> {
    const { ready, checks, consumers } = await this.health.look();
    return new Reply(ready ? 200 : 503, { status: ready ? 'ready' : 'not_ready', checks, consumers }, ready ? {} : { 'Retry-After': '2' });
  }
}

import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequirePermission } from '../http/access.js';
import { Metrics } from './metrics.js';
import { METRICS_READ } from './permissions.js';

/** For Prometheus, with an API key that may do nothing else (`metrics:read`) as its bearer token. No part of the contract. */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @RequirePermission(METRICS_READ)
  async scrape(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.type(this.metrics.contentType);
    return this.metrics.scrape();
  }
}

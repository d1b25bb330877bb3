import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { RequestGuard } from './request.guard.js';

/** Import it after the module whose guard asks who may come in: global guards run in the order of their modules. */
@Module({ providers: [{ provide: APP_GUARD, useClass: RequestGuard }] })
export class RequestModule {}

import { Global, Module } from '@nestjs/common';
import { Exports } from './exports.js';
import { Imports } from './imports.js';

@Global()
@Module({ providers: [Imports, Exports], exports: [Imports, Exports] })
export class TransferModule {}

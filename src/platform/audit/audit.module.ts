import { Global, Module } from '@nestjs/common';
import { AuditAnchor } from './audit-anchor.js';
import { AuditReads } from './audit-reads.js';
import { AuditSealer } from './audit-sealer.js';
import { AuditTrail } from './audit-trail.js';

const doors = [AuditAnchor, AuditReads, AuditSealer, AuditTrail];

/** Who changed or read what: written with the change, sealed into a chain, verified on request. */
@Global()
@Module({ providers: doors, exports: doors })
export class AuditModule {}

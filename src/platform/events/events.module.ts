import { Global, Module } from '@nestjs/common';
import { ConsumerRunner } from './consumer-runner.js';
import { ConsumerStatus } from './consumer-status.js';
import { Consumers } from './consumers.js';
import { EventFeed } from './event-feed.js';
import { EventWait } from './event-wait.js';
import { Redrive } from './redrive.js';
import { Relay } from './relay.js';

const doors = [Consumers, ConsumerRunner, ConsumerStatus, EventFeed, EventWait, Redrive, Relay];

/** Outbox, relay, ordered log, consumers (DESIGN §5). */
@Global()
@Module({ providers: doors, exports: doors })
export class EventsModule {}

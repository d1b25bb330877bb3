import { randomUUID } from 'node:crypto';
import { Controller, Get, Injectable, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventType, type RecordedEvent } from '../../../src/kernel/event.js';
import { newId } from '../../../src/kernel/id.js';
import { Consumers, type EventHandler } from '../../../src/platform/events/consumers.js';
import { SignedIn } from '../../../src/platform/http/access.js';
import { CurrentCall, type Call } from '../../../src/platform/http/call.js';
import { Commands } from '../../../src/platform/http/commands.js';
import { accepted } from '../../../src/platform/http/reply.js';
import { ReadsViews } from '../../../src/platform/http/wait-for-event.js';
import { startApp, type Http, type TestApp } from '../../support/app.js';

class NotedPayload {
  readonly note: string;
}
const Noted = new EventType('probe.noted', 1, NotedPayload);

@Injectable()
class NotesView implements EventHandler {
  readonly notes: string[] = [];
  async apply(_: unknown, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) if (Noted.is(event)) this.notes.push(event.payload.note);
  }
}

@Controller('v1/notes')
class NotesController {
  constructor(
    private readonly commands: Commands,
    private readonly view: NotesView,
  ) {}

  @Post()
  @SignedIn()
  note(@CurrentCall() call: Call) {
    return this.commands.run(call, async (tx) => {
      const id = newId();
      tx.record(Noted.of(id, { note: id }));
      return accepted({ id }, `/v1/notes/${id}`);
    });
  }

  @Get()
  @SignedIn()
  @ReadsViews('probe.notes')
  list() {
    return { data: this.view.notes };
  }
}

@Module({ controllers: [NotesController], providers: [NotesView] })
class NotesModule {
  constructor(consumers: Consumers, view: NotesView) {
    consumers.hear({ name: 'probe.notes', hears: [Noted], handler: view });
  }
}

describe('Wait-For-Event', () => {
  let app: TestApp;
  let admin: Http;
  afterAll(() => app.close());

  describe('with workers running', () => {
    beforeAll(async () => {
      app = await startApp({ modules: [NotesModule], workers: true });
      admin = await app.asAdmin();
    });

    it('shows a writer its own write, twenty times out of twenty', async () => {
      for (let i = 0; i < 20; i += 1) {
        const written = await admin.post('/v1/notes').send({});
        const read = await admin.get('/v1/notes').set('Wait-For-Event', written.headers['event-id']!);
        expect(read.status).toBe(200);
        expect(read.body.data).toContain(written.body.id);
      }
    });
  });

  describe('with nobody applying events', () => {
    beforeAll(async () => {
      await app.close();
      app = await startApp({ modules: [NotesModule] });
      admin = await app.asAdmin();
    });

    it('gives up after two seconds with 503 and Retry-After', async () => {
      const written = await admin.post('/v1/notes').send({});
      const read = await admin.get('/v1/notes').set('Wait-For-Event', written.headers['event-id']!);
      expect([read.status, read.body.code, read.headers['retry-after']]).toEqual([503, 'not_yet_applied', '1']);
      await app.drainEvents();
      expect((await admin.get('/v1/notes').set('Wait-For-Event', written.headers['event-id']!)).body.data).toEqual([written.body.id]);
    });

    it('refuses what is no event id, and answers at once without the header', async () => {
      expect((await admin.get('/v1/notes').set('Wait-For-Event', `${randomUUID()},x`)).body).toMatchObject({ status: 400, code: 'invalid_wait_for_event' });
      expect((await admin.get('/v1/notes')).status).toBe(200);
    });
  });
});

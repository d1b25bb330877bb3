import type { EventType } from '../../kernel/event.js';
import { exampleOf, EXAMPLE_ID } from './examples.js';
import { SCHEMAS, type Schema, type Schemas } from './schema.js';

const BODY_TYPE = 'application/cloudevents+json';

/** Sources: Standard Webhooks 1.0 §"Webhook headers"; CloudEvents 1.0 HTTP binding §3.2 (structured mode). */
const HEADERS = {
  WebhookId: {
    name: 'webhook-id',
    in: 'header',
    required: true,
    description: 'The same for every try to deliver this event to you: what was once taken under it need not be taken again.',
    schema: { type: 'string', maxLength: 100 },
    example: `msg_${EXAMPLE_ID}`,
  },
  WebhookTimestamp: {
    name: 'webhook-timestamp',
    in: 'header',
    required: true,
    description: 'When this try was sent, in seconds since 1970. Refuse what is older than five minutes: somebody may be sending it again.',
    schema: { type: 'integer', minimum: 0 },
    example: 1_768_464_000,
  },
  WebhookSignature: {
    name: 'webhook-signature',
    in: 'header',
    required: true,
    description:
      '`v1,` and the base64 of HMAC-SHA256 over `webhook-id.webhook-timestamp.body` with your secret; several, parted by spaces, while a secret is being changed. Compare in constant time, over the body as it came.',
    schema: { type: 'string', pattern: '^v1,[A-Za-z0-9+/]+=*(?: v1,[A-Za-z0-9+/]+=*)*$' },
    example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  },
} as const;

export interface Webhooks {
  readonly webhooks: Readonly<Record<string, object>>;
  readonly schemas: Schemas;
  readonly parameters: Readonly<Record<string, object>>;
}

/**
 * Every published event as a webhook: a CloudEvents 1.0 body, signed as Standard Webhooks say.
 * @param schemas has the payload class of each event.
 */
export function webhooksOf(events: readonly EventType<object>[], schemas: Schemas): Webhooks {
  const described = events.map((event) => describe(event, schemas));
  return {
    webhooks: Object.fromEntries(described.map(({ type, webhook }) => [type, webhook])),
    schemas: Object.fromEntries(described.map(({ name, schema }) => [name, schema])),
    parameters: HEADERS,
  };
}

function describe({ name: eventName, version, payloadClass }: EventType<object>, schemas: Schemas) {
  const type = `${eventName}.v${version}`;
  const payload = payloadClass.name;
  const name = `${pascal(type)}Event`;
  const schema = bodySchema(type, payload);
  const { description } = schemas[payload] as { readonly description?: string };
  const summary = (description ?? '').replace(/\.$/, '');
  const example = exampleOf(schema, schemas);
  const webhook = {
    post: {
      operationId: `on${pascal(type)}`,
      tags: [eventName.split('.', 1)[0]!],
      ...(summary === '' ? {} : { summary }),
      security: [],
      parameters: Object.keys(HEADERS).map((key) => ({ $ref: `#/components/parameters/${key}` })),
      requestBody: { required: true, content: { [BODY_TYPE]: { schema: { $ref: SCHEMAS + name }, ...(example === undefined ? {} : { example }) } } },
      responses: {
        '2XX': { description: 'Taken; it is not sent again. Answer within 15 s and do the work afterwards.' },
        '410': { description: 'Nobody takes events here any more; none are sent from now on.' },
      },
    },
  };
  return { type, name, schema, webhook };
}

function bodySchema(type: string, payload: string): Schema {
  return {
    type: 'object',
    description: `CloudEvents 1.0 around ${type}.`,
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'sequence', 'data'],
    properties: {
      specversion: { type: 'string', const: '1.0' },
      id: { type: 'string', format: 'uuid', description: 'As in the feed.', example: EXAMPLE_ID },
      source: { type: 'string', format: 'uri-reference', description: 'The server it happened on.', example: 'https://crm.shop.example' },
      type: { type: 'string', const: type },
      subject: { type: 'string', format: 'uuid', description: 'What it happened to: the `aggregateId` of the feed.', example: EXAMPLE_ID },
      time: { type: 'string', format: 'date-time', description: 'When it happened.', example: '2026-01-15T08:00:00.000Z' },
      datacontenttype: { type: 'string', const: 'application/json' },
      sequence: { type: 'string', pattern: '^\\d{16}$', description: 'The `position` of the feed with leading zeros, so that texts sort as numbers do.', example: '0000000000004711' },
      data: { $ref: SCHEMAS + payload },
    },
  };
}

function pascal(type: string): string {
  return type.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

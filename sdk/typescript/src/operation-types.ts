import type { HEADER_NAMES } from './operation-row.js';
import type { Content } from './request.js';
import type { components, operations, webhooks } from './schema.js';

type Schemas = components['schemas'];

/** What the server does; what begins with `on` it calls others for. */
export type OperationId = Exclude<keyof operations, `on${string}V${number}`>;

type Of<Id extends OperationId> = operations[Id];
/** `{}` where the contract has nothing, so that the parts can be put together. */
type Members<T> = [NonNullable<T>] extends [never] ? unknown : NonNullable<T>;
type HeadersIn<T> = { [Name in keyof typeof HEADER_NAMES as (typeof HEADER_NAMES)[Name] extends keyof NonNullable<T> ? Name : never]?: NonNullable<NonNullable<T>[(typeof HEADER_NAMES)[Name] & keyof NonNullable<T>]> };
/** What is not JSON is sent as it is. */
type SentAs<MediaType, Json> = MediaType extends 'application/json' | `${string}+json` ? Json : Content;
type BodyIn<T> = T extends { readonly content: infer Contents } ? { readonly body: { [MediaType in keyof Contents]: SentAs<MediaType, Contents[MediaType]> }[keyof Contents] } : unknown;
/** A report in another format is a file; that is what `download` is for. */
type AsJson<Query> = Query extends { readonly format?: string } ? Omit<Query, 'format'> : Query;
type Flat<T> = { [Name in keyof T]: T[Name] };

/** Everything an operation takes, in one object: its parameters by name, `body`, and its headers by the names in HEADER_NAMES. */
export type FileInput<Id extends OperationId> = Flat<
  Members<Of<Id>['parameters']['path']> & Members<Of<Id>['parameters']['query']> & HeadersIn<Of<Id>['parameters']['header']> & BodyIn<Of<Id>['requestBody']>
>;

/** The same for an answer in JSON. */
export type Input<Id extends OperationId> = Flat<
  Members<Of<Id>['parameters']['path']> & AsJson<Members<Of<Id>['parameters']['query']>> & HeadersIn<Of<Id>['parameters']['header']> & BodyIn<Of<Id>['requestBody']>
>;

/** The input may be left out where nothing in it is required. */
export type InputArguments<In, Options> = Record<never, never> extends In ? [input?: In, options?: Options] : [input: In, options?: Options];

type Success<Responses> = Responses[Extract<keyof Responses, 200 | 201 | 202 | 204 | 207>];
type JsonOf<Response> = Response extends { readonly content: { readonly 'application/json': infer Json } } ? Json : Response extends { readonly content: object } ? string : undefined;

/** What a successful answer holds: JSON as the contract has it, text where it has none, undefined for 204. */
export type Data<Id extends OperationId> = JsonOf<Success<Of<Id>['responses']>>;

/** An operation that answers page by page. */
export type ListId = { [Id in OperationId]: Data<Id> extends { readonly data: readonly unknown[]; readonly page: { readonly nextCursor: string | null } } ? Id : never }[OperationId];

export type Item<Id extends ListId> = Data<Id> extends { readonly data: readonly (infer One)[] } ? One : never;

/** A page, without where the next one begins. */
export type ListInput<Id extends ListId> = Omit<Input<Id>, 'cursor'>;

/** `Customer` where there are both getCustomer and updateCustomer with If-Match. */
export type Updatable = {
  [Id in OperationId]: Id extends `update${infer Name}` ? (`get${Name}` extends OperationId ? ('ifMatch' extends keyof Input<Id> ? Name : never) : never) : never;
}[OperationId];
export type UpdateOf<Name extends Updatable> = Extract<OperationId, `update${Name}`>;
export type GetOf<Name extends Updatable> = Extract<OperationId, `get${Name}`>;

export type Operation = Schemas['Operation'];
export type Tokens = Schemas['Tokens'];
export type Upload = Schemas['CreatedUpload'];

/** What may happen, as this version of the client knows it. */
export type EventType = keyof webhooks;
type PayloadOf<Type extends EventType> = webhooks[Type]['post']['requestBody']['content']['application/cloudevents+json']['data'];
type DataOf<Type> = Type extends EventType ? PayloadOf<Type> : Schemas['Event']['data'];
/** One event of the feed; its `type` tells what its `data` holds. A server newer than the client may tell of more types than these. */
export type ShukeEvent<Type extends string = EventType> = {
  [Each in Type]: Flat<Omit<Schemas['Event'], 'type' | 'data'> & { readonly type: Each; readonly data: DataOf<Each> }>;
}[Type];

export type ProblemDetails = Schemas['Problem'];
export type FieldProblem = Schemas['FieldProblem'];

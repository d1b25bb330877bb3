import { fileReader, readAnswer, type Answer, type OpenedFile, type ShukeFile } from './answer.js';
import { DEFAULT_RETRY, type Retry, type RetryOptions } from './backoff.js';
import { uploadInChunks } from './chunked-upload.js';
import { isProblem, ShukeError } from './errors.js';
import { EventFeed, type FollowOptions } from './event-feed.js';
import { unbroken, type ExportFile, type FetchOptions } from './export-file.js';
import type {
  Data, EventType, FileInput, GetOf, Input, InputArguments, Item, ListId, ListInput, Operation, OperationId, Tokens, Updatable, UpdateOf, Upload,
} from './operation-types.js';
import { waitForOperation, type WaitOptions } from './operation-wait.js';
import { compose } from './request.js';
import { SILENCE_MILLIS } from './server-sent-events.js';
import { sessionTokens, type TokenSource } from './tokens.js';
import { Transport, type Limits } from './transport.js';
import { chunksOf, nameOf, uploadBody, uploadTypeOf, type UploadOptions, type UploadSource } from './upload.js';

export interface ShukeOptions {
  /** Where the API listens, e.g. `https://crm.example.com`. */
  readonly baseUrl: string;
  /** An API key. One of `apiKey`, `signIn`, `session` and `token`, or none for what needs no sign-in. */
  readonly apiKey?: string;
  /** Signs in when first needed, and again when the session has ended. */
  readonly signIn?: { readonly email: string; readonly password: string };
  /** Goes on with a session from before. `onTokens` is told each new pair and must keep it: a refresh token works once. */
  readonly session?: { readonly accessToken: string; readonly refreshToken: string; readonly onTokens: (tokens: Tokens) => void | Promise<void> };
  /** A token source of your own, e.g. of a server that keeps sessions for its browsers. */
  readonly token?: TokenSource;
  readonly retry?: RetryOptions;
  /** For one call with all its tries. Default 60,000. Uploads, downloads, waiting and following have none. */
  readonly deadlineMillis?: number;
  /** Language of error titles and details. */
  readonly language?: 'en' | 'zh';
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the global `fetch`, e.g. one that goes through a proxy. */
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly deadlineMillis?: number;
}

interface AnyPage {
  readonly data: readonly unknown[];
  readonly page: { readonly nextCursor: string | null };
}

const DEADLINE_MILLIS = 60_000;
const UPDATE_TRIES = 5;
/** How long the server may be away while something long is waited for. */
const PATIENCE_MILLIS = 300_000;

export function createShuke(options: ShukeOptions): Shuke {
  return new Shuke(options);
}

/** A client of the Shuke API. Safe to share; it keeps nothing but its tokens. */
export class Shuke {
  private readonly transport: Transport;
  private readonly retry: Retry;
  private readonly deadlineMillis: number;

  constructor(options: ShukeOptions) {
    this.retry = { ...DEFAULT_RETRY, ...options.retry };
    this.deadlineMillis = options.deadlineMillis ?? DEADLINE_MILLIS;
    const headers = { ...options.headers, ...(options.language ? { 'Accept-Language': options.language } : {}) };
    const { fetch: fetching = (...request: Parameters<typeof fetch>) => fetch(...request) } = options;
    this.transport = new Transport(baseOf(options.baseUrl), fetching, this.retry, headers, this.tokenSource(options));
  }

  /**
   * One operation of the contract. What it changes is tried again only under an Idempotency-Key, which it makes itself.
   * @throws ShukeProblem, ShukeUnreachable, or the reason of `signal`
   */
  call<Id extends OperationId>(id: Id, ...[input, options]: InputArguments<Input<Id>, CallOptions>): Promise<Answer<Data<Id>>> {
    return this.perform(id, input ?? {}, this.limits(options));
  }

  /** An operation whose answer is a file, such as a report with `format: 'csv'`. */
  download<Id extends OperationId>(id: Id, ...[input, options]: InputArguments<FileInput<Id>, CallOptions>): Promise<ShukeFile> {
    return this.open(id, input ?? {}, options);
  }

  /** Every item of a list, page by page as they are needed. */
  async *each<Id extends ListId>(id: Id, ...[input, options]: InputArguments<ListInput<Id>, CallOptions>): AsyncGenerator<Item<Id>, void, undefined> {
    for await (const { data } of this.walk(id, input ?? {}, options)) yield* data as Iterable<Item<Id>>;
  }

  /** The pages of a list. */
  pages<Id extends ListId>(id: Id, ...[input, options]: InputArguments<ListInput<Id>, CallOptions>): AsyncGenerator<Data<Id>, void, undefined> {
    return this.walk(id, input ?? {}, options) as AsyncGenerator<never>;
  }

  /**
   * Reads, lets `change` decide on the patch, and updates just the version that was read; reads again when somebody else was faster.
   * @param change gives the patch for what is there now, or undefined to leave it; it may be asked several times
   * @returns the new version, or the one read if nothing was to change
   * @throws ShukeProblem `version_conflict` if others were faster five times in a row
   */
  async update<Name extends Updatable>(
    name: Name,
    id: string,
    change: (current: Data<GetOf<Name>>) => (Input<UpdateOf<Name>> extends { readonly body: infer Patch } ? Patch : never) | undefined,
    options?: CallOptions,
  ): Promise<Answer<Data<GetOf<Name>>>> {
    for (let tries = 1; ; tries += 1) {
      const current = await this.perform<Data<GetOf<Name>>>(`get${name}` as OperationId, { id }, this.limits(options));
      const patch = change(current.data);
      if (patch === undefined) return current;
      try {
        return await this.perform<Data<GetOf<Name>>>(`update${name}` as OperationId, { id, body: patch, ifMatch: current.etag }, this.limits(options));
      } catch (error) {
        if (tries === UPDATE_TRIES || !isProblem(error, 'version_conflict')) throw error;
      }
    }
  }

  /**
   * Brings a file, for an import. One larger than a chunk goes chunk by chunk, and after a failure goes on where it was; a
   * smaller one is sent again if its source can be read again, under one Idempotency-Key.
   * @throws ShukeProblem, also if it is no table
   */
  async upload(source: UploadSource, options: UploadOptions = {}): Promise<Answer<Upload>> {
    const { name = nameOf(source), type, onProgress, signal, patienceMillis = PATIENCE_MILLIS, encoding, delimiter, quote, header, sheet } = options;
    const reading = { encoding, delimiter, quote, header, sheet };
    const contentType = type ?? uploadTypeOf(name ?? '');
    const chunks = chunksOf(source, options);
    if (chunks) {
      const metadata = { filename: name, filetype: contentType.split(';')[0]!.trim(), ...reading };
      return uploadInChunks(this, chunks, { metadata, retry: this.retry, patienceMillis, onProgress, signal });
    }
    const { make, again } = uploadBody(source, onProgress);
    // A stream can be sent once only, so a token that has run out must show before.
    if (!again) await this.call('getMe', {}, { signal });
    const composed = compose('createUpload', { name, ...reading, body: '' }, { contentType });
    return this.transport.send({ ...composed, body: make, repeatable: again }, readAnswer<Upload>, { signal, deadlineMillis: Infinity });
  }

  /**
   * Takes records out: starts the export, waits until its file is there, and opens it. Stop it by `signal` and the export goes
   * on; `exportFile` fetches it later.
   * @throws ShukeProblem, OperationFailed, OperationCancelled, ShukeUnreachable
   */
  async export(ask: Input<'createExport'>['body'], options: WaitOptions = {}): Promise<ExportFile> {
    const { signal, patienceMillis } = options;
    const { data: operation } = await this.call('createExport', { body: ask }, { signal });
    await this.waitFor(operation, options);
    return this.exportFile(operation.id, { signal, patienceMillis });
  }

  /** The file of an export that has succeeded, for as long as the server keeps it. @throws ShukeProblem `export_not_ready` before */
  async exportFile(id: string, options: FetchOptions = {}): Promise<ExportFile> {
    const { from = 0, signal } = options;
    const { data } = await this.call('getExport', { id }, { signal });
    const open = async (at: number) => {
      const range = at > 0 ? `bytes=${at}-` : undefined;
      const file = await this.open('downloadExport', { id, range }, { signal });
      if (range === undefined || file.isPart) return file;
      await file.stream.cancel();
      throw new ShukeError(`Of ${data.fileName} the bytes from ${at} on were asked for, and something between here and the server gave all of it.`);
    };
    const { stream, contentType } = await open(from < data.bytes ? from : 0);
    const reopened = async (at: number) => (await open(at)).stream;
    return { id, bytes: data.bytes, fileName: data.fileName, contentType, stream: unbroken(stream, reopened, data.bytes, this.retry, options) };
  }

  /**
   * Waits until an operation has ended.
   * @returns it, succeeded
   * @throws OperationFailed, OperationCancelled, or ShukeUnreachable after `patienceMillis` without the server
   */
  waitFor(operation: string | Pick<Operation, 'id'>, options: WaitOptions = {}): Promise<Operation> {
    const id = typeof operation === 'string' ? operation : operation.id;
    const { signal } = options;
    const door = {
      get: async () => (await this.call('getOperation', { id }, { signal })).data,
      watch: () => this.watch('watchOperation', { id }, signal),
    };
    return waitForOperation(door, this.retry, options);
  }

  /** The log of everything that happened, from a position on; it goes on where new events are added. */
  events<const Type extends string = EventType>(options: FollowOptions<Type> = {}): EventFeed<Type> {
    const { types, limit = 200, signal } = options;
    const door = {
      list: async (after: number) => (await this.call('listEvents', { after, types, limit }, { signal })).data,
      follow: (after: number) => this.watch('followEvents', { types, lastEventId: String(after) }, signal),
    };
    return new EventFeed<Type>(door, this.retry, options);
  }

  private perform<T>(id: OperationId, input: object, limits: Limits): Promise<Answer<T>> {
    const composed = compose(id, input as Record<string, unknown>);
    return this.transport.send({ ...composed, body: () => composed.body }, readAnswer<T>, limits);
  }

  private open(id: OperationId, input: object, { signal, deadlineMillis = Infinity }: CallOptions = {}): Promise<OpenedFile> {
    const composed = compose(id, input as Record<string, unknown>);
    return this.transport.send({ ...composed, body: () => composed.body }, fileReader(signal), { signal, deadlineMillis });
  }

  /** Server-sent events. Tried once: whoever follows looks another way when they cannot be had, or are held back on their way. */
  private async watch(id: OperationId, input: object, signal: AbortSignal | undefined): Promise<ReadableStream<Uint8Array>> {
    const composed = compose(id, input as Record<string, unknown>);
    const { stream } = await this.transport.send({ ...composed, body: () => undefined, repeatable: false }, fileReader(signal), { signal, deadlineMillis: SILENCE_MILLIS });
    return stream;
  }

  private async *walk(id: ListId, input: object, options?: CallOptions): AsyncGenerator<AnyPage> {
    let cursor: string | null = null;
    do {
      const { data }: Answer<AnyPage> = await this.perform<AnyPage>(id, { ...input, cursor: cursor ?? undefined }, this.limits(options));
      yield data;
      cursor = data.page.nextCursor;
    } while (cursor !== null);
  }

  private limits({ signal, deadlineMillis = this.deadlineMillis }: CallOptions = {}): Limits {
    return { signal, deadlineMillis };
  }

  private tokenSource({ apiKey, signIn, session, token }: ShukeOptions): TokenSource | undefined {
    const given = [apiKey, signIn, session, token].filter((one) => one !== undefined);
    if (given.length > 1) throw new TypeError('Give one of apiKey, signIn, session and token.');
    if (apiKey !== undefined) return () => apiKey;
    const refresh = (refreshToken: string) => this.anonymously('refreshSession', { refreshToken });
    if (signIn) return sessionTokens({ signIn: () => this.anonymously('createSession', signIn), refresh });
    if (session) return sessionTokens({ refresh, onTokens: session.onTokens }, session);
    return token;
  }

  private async anonymously(id: 'createSession' | 'refreshSession', body: object): Promise<Tokens> {
    const composed = compose(id, { body });
    const { data } = await this.transport.send({ ...composed, body: () => composed.body, anonymous: true }, readAnswer<Tokens>, this.limits());
    return data;
  }
}

/** @throws TypeError at once, and not at each request, if it is no address */
function baseOf(baseUrl: string): string {
  const { protocol, href } = new URL(baseUrl);
  if (!/^https?:$/.test(protocol)) throw new TypeError(`baseUrl must begin with http:// or https://, and is ${baseUrl}.`);
  return href.replace(/\/+$/, '');
}

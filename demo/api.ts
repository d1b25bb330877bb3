import { setTimeout as pause } from 'node:timers/promises';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer other than 2xx. */
export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}

/** "Come back later" is believed for so long. */
const PATIENCE = 120;
const UNTOLD_WAIT_S = 1;

/** The product as any program meets it: HTTP and a token, nothing else. */
export class Api {
  private token: Promise<string> | undefined;

  constructor(
    readonly url: string,
    private readonly credentials: Credentials,
  ) {}

  async get<Body>(path: string, headers: Ask['headers'] = {}): Promise<Body> {
    return (await this.send<Body>('GET', path, { headers })).body;
  }

  post<Body>(path: string, body: unknown, headers: Ask['headers'] = {}): Promise<Answer<Body>> {
    return this.send<Body>('POST', path, { body, headers });
  }

  put<Body>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.send<Body>('PUT', path, { body });
  }

  /** The whole text of a CSV file. */
  upload(name: string, text: string): Promise<Answer<{ id: string }>> {
    return this.send('POST', `/v1/uploads?name=${encodeURIComponent(name)}`, { body: text, headers: { 'Content-Type': 'text/csv' } });
  }

  /** The messages of a server-sent stream, each as its JSON, until the server ends it. */
  async *stream<Message>(path: string): AsyncGenerator<Message> {
    const answer = await fetch(this.url + path, { headers: { Authorization: `Bearer ${await this.signedIn()}` } });
    if (!answer.ok || !answer.body) throw await refusal('GET', path, answer);
    let rest = '';
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
      const frames = (rest + piece).split('\n\n');
      rest = frames.pop()!;
      for (const frame of frames) {
        const data = /^data: (.*)$/m.exec(frame)?.[1];
        if (data !== undefined) yield JSON.parse(data) as Message;
      }
    }
  }

  /** @throws Refused for any answer but 2xx; one that says to come back later is asked again, and so is one whose token has run out. */
  private async send<Body>(method: string, path: string, { body, headers = {} }: Ask): Promise<Answer<Body>> {
    let renewed = false;
    for (let tries = 1; ; tries += 1) {
      const token = await this.signedIn();
      const answer = await fetch(this.url + path, {
        method,
        headers: { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
        body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      });
      if (answer.status === 401 && !renewed) {
        renewed = true;
        this.token = undefined;
      } else if ((answer.status === 503 || answer.status === 429) && tries < PATIENCE) {
        await answer.body?.cancel();
        await pause(1000 * Number(answer.headers.get('retry-after') ?? UNTOLD_WAIT_S));
      } else {
        if (!answer.ok) throw await refusal(method, path, answer);
        const text = await answer.text();
        return { status: answer.status, headers: answer.headers, body: (text === '' ? undefined : JSON.parse(text)) as Body };
      }
    }
  }

  private signedIn(): Promise<string> {
    this.token ??= this.signIn();
    return this.token;
  }

  private async signIn(): Promise<string> {
    const answer = await fetch(`${this.url}/v1/sessions`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(this.credentials),
    });
    if (!answer.ok) throw await refusal('POST', '/v1/sessions', answer);
    return ((await answer.json()) as { accessToken: string }).accessToken;
  }
}

async function refusal(method: string, path: string, answer: Response): Promise<Refused> {
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string; errors?: { detail: string }[] };
  const detail = [problem.detail, ...(problem.errors ?? []).map((error) => error.detail)].filter(Boolean).join(' ');
  return new Refused(answer.status, problem.code ?? 'unknown', `${method} ${path} answered ${answer.status}: ${detail}`);
}

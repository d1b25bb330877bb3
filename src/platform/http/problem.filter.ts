import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DomainError } from '../../kernel/domain-error.js';
import { newId } from '../../kernel/id.js';
import { AppConfig } from '../config/config.js';
import { RootLogger } from '../observability/logger.js';
import { refusalFor } from './problem.js';
import { ProblemsInChinese } from './problems-in-chinese.js';
import { languageOf, OTHERS, REFUSALS, type Language } from './refusals.js';
import { Routes } from './routes.js';

type Members = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** In English; the Chinese one is found by the code. */
  readonly detail: string;
  readonly members?: Members;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers everything thrown anywhere as RFC 9457 problem+json. Nothing of stack, SQL or driver leaves; the log has it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: AppConfig,
    private readonly routes: Routes,
    private readonly logger: RootLogger,
    private readonly chinese: ProblemsInChinese,
  ) {}

  catch(error: unknown, context: ArgumentsHost): void {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { httpAdapter } = this.host;
    // What threw after the answer began can only be cut off: the client sees a broken transfer, never half an answer as a whole.
    if (httpAdapter.isHeadersSent(reply)) {
      this.logger.pino.error({ requestId: request.id, err: error }, 'failed after the answer had begun');
      reply.raw?.destroy();
      return;
    }
    const language = languageOf(request.headers['accept-language']);
    const requestId = request.id ?? newId();
    const { status, code, title, detail: english, members, headers } = this.answerFor(error, request, language);
    const detail = (language === 'zh' ? this.chinese.detailOf(code) : undefined) ?? english;
    if (status >= 500) this.log(status, error, requestId);
    const body = { type: `${this.config.publicUrl ?? ''}/docs/problems#${code}`, title, status, detail, code, ...members, requestId };
    for (const [name, value] of Object.entries({ ...headers, 'Content-Language': language, Vary: 'Accept-Language' })) httpAdapter.setHeader(reply, name, value);
    httpAdapter.setHeader(reply, 'Content-Type', 'application/problem+json; charset=utf-8');
    httpAdapter.reply(reply, JSON.stringify(body), status);
  }

  private answerFor(error: unknown, request: FastifyRequest, language: Language): Answer {
    const wrongMethod = request.is404 ? this.wrongMethod(request, language) : undefined;
    if (wrongMethod) return wrongMethod;
    const refusal = refusalFor(error);
    return refusal ? refused(refusal, language) : other('internal', 'Something went wrong on our side. Name the requestId when you ask for help.', language);
  }

  private wrongMethod(request: FastifyRequest, language: Language): Answer | undefined {
    const allowed = this.routes.methodsAt(request.url);
    if (allowed.length === 0) return undefined;
    const allow = allowed.join(', ');
    return { ...other('method_not_allowed', `${request.method} does not work at this address; ${allow} ${allowed.length === 1 ? 'does' : 'do'}.`, language), headers: { Allow: allow } };
  }

  private log(status: number, error: unknown, requestId: string): void {
    if (status === 503) this.logger.pino.warn({ requestId, err: error }, 'answered 503');
    else this.logger.pino.error({ requestId, err: error }, 'unforeseen error');
  }
}

function refused(error: DomainError, language: Language): Answer {
  const wording = REFUSALS[error.refusal];
  const retryAfter = error.retryAfterSeconds ?? (wording.status === 429 || wording.status === 503 ? 1 : undefined);
  return {
    status: wording.status,
    code: error.code,
    title: wording[language],
    detail: error.message,
    members: { ...error.facts, ...(error.errors.length > 0 ? { errors: error.errors } : {}) },
    headers: {
      ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
      ...(wording.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    },
  };
}

function other(code: keyof typeof OTHERS, detail: string, language: Language): Answer {
  const wording = OTHERS[code];
  return { status: wording.status, code, title: wording[language], detail };
}

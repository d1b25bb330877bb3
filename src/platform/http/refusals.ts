import type { Refusal } from '../../kernel/domain-error.js';

export type Language = 'en' | 'zh';

interface Wording {
  readonly status: number;
  readonly en: string;
  readonly zh: string;
}

/** How each refusal is said in HTTP. */
export const REFUSALS: Readonly<Record<Refusal, Wording>> = {
  malformed: { status: 400, en: 'The request cannot be understood', zh: '无法理解该请求' },
  unauthenticated: { status: 401, en: 'Sign-in needed', zh: '需要登录' },
  forbidden: { status: 403, en: 'Not allowed', zh: '没有权限' },
  missing: { status: 404, en: 'Not found', zh: '未找到' },
  conflict: { status: 409, en: 'It does not fit the present state', zh: '与当前状态冲突' },
  gone: { status: 410, en: 'Erased', zh: '已被清除' },
  stale: { status: 412, en: 'Changed by someone else', zh: '已被他人修改' },
  too_large: { status: 413, en: 'Too large', zh: '内容过大' },
  unsupported: { status: 415, en: 'Content type not taken here', zh: '不支持的内容类型' },
  rule: { status: 422, en: 'A rule forbids it', zh: '违反业务规则' },
  precondition_required: { status: 428, en: 'If-Match needed', zh: '需要 If-Match' },
  exhausted: { status: 429, en: 'Too many requests', zh: '请求过多' },
  unavailable: { status: 503, en: 'Not available now', zh: '暂时不可用' },
};

/** Answers that no refusal stands for. */
export const OTHERS = {
  method_not_allowed: { status: 405, en: 'Method not allowed here', zh: '此处不支持该方法' },
  internal: { status: 500, en: 'An error on our side', zh: '服务器内部错误' },
} as const satisfies Record<string, Wording>;

/** The refusal that a bare HTTP status stands for, where a library below us gave one. */
export function refusalOf(status: number): Refusal | undefined {
  return (Object.keys(REFUSALS) as Refusal[]).find((refusal) => REFUSALS[refusal].status === status);
}

/** English or Chinese, whichever Accept-Language ranks higher; English where it names neither. */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined || !/zh/i.test(acceptLanguage)) return 'en';
  return rank(acceptLanguage, 'zh') > rank(acceptLanguage, 'en') ? 'zh' : 'en';
}

function rank(acceptLanguage: string, language: Language): number {
  const ranges = acceptLanguage.slice(0, 500).split(',').map((part) => /^\s*([A-Za-z]{1,8})(?:-[\w-]{1,32})?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?$/.exec(part));
  return Math.max(0, ...ranges.filter((range) => range?.[1]?.toLowerCase() === language).map((range) => Number(range?.[2] ?? '1')));
}

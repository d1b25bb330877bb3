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

/**
 * The details of the platform's own refusals in Chinese, without the values of the English ones. A code not listed here
 * keeps its English detail.
 */
const CHINESE: Readonly<Record<string, string>> = {
  validation_failed: '请求中有字段不符合要求，请查看 errors 中的每一项并修改后重试。',
  invalid_json: '请求体不是合法的 JSON（UTF-8）。',
  invalid_text: '请求中含有 NUL 字符或不完整的 Unicode 字符，请删除后重试。',
  too_deep: '请求体嵌套过深或字段过多，请参阅 GET /v1/limits。',
  body_too_large: '请求体过大，请参阅 GET /v1/limits；大批量数据请使用导入。',
  unsupported_content_type: '此接口不接受该内容类型。',
  invalid_id: '编号必须是 UUID。',
  not_found: '找不到该资源，或您无权查看。请检查编号。',
  method_not_allowed: '此地址不支持该方法，可用的方法见 Allow 响应头。',
  unauthenticated: '请先登录：在 Authorization: Bearer 中发送访问令牌或 API 密钥。',
  forbidden: '您没有执行此操作的权限。',
  version_conflict: '您读取之后，该记录已被他人修改。请重新读取，在新内容上修改，并在 If-Match 中发送新的 ETag。',
  if_match_required: '请在 If-Match 中发送您读取到的版本（ETag），以免覆盖他人的修改。',
  invalid_if_match: 'If-Match 必须是本接口返回的一个 ETag。',
  invalid_cursor: '该游标不属于此列表或此排序。请原样使用 page.nextCursor，或去掉 cursor 从头开始。',
  idempotency_key_reused: '此 Idempotency-Key 已用于另一个请求。新请求请使用新的键。',
  idempotency_in_progress: '使用此 Idempotency-Key 的请求仍在处理中，请稍后重试。',
  invalid_idempotency_key: 'Idempotency-Key 必须是 1 至 255 个可打印的 ASCII 字符，不含空格；建议使用 UUID。',
  person_erased: '该人员的个人数据已被清除，无法再读取或修改。',
  already_exists: '已存在具有相同唯一值的记录。',
  not_yet_applied: '该事件尚未反映到此视图，请稍后重试。',
  busy: '服务器繁忙，请稍后重试。',
  stopping: '服务器正在停止，请稍后重试。',
  database_unavailable: '数据库暂时无法访问，未做任何修改，请稍后重试。',
  took_too_long: '处理时间过长，已中止，未做任何修改。请缩小范围后重试。',
  internal: '服务器出现错误。请在寻求帮助时提供 requestId。',
};

export function inChinese(code: string): string | undefined {
  return CHINESE[code];
}

export function chineseCodes(): [code: string, detail: string][] {
  return Object.entries(CHINESE).sort(([one], [other]) => (one < other ? -1 : 1));
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

/**
 * Problems of the kernel and the platform, and those that more than one context answers. Static: the values of the
 * English detail are in the other members of the problem.
 */
export const platformProblemsInChinese: Readonly<Record<string, string>> = {
  // What is wrong with the request.
  validation_failed: '请求中有字段不符合要求，请查看 errors 中的每一项并修改后重试。',
  invalid_json: '请求体不是合法的 JSON（UTF-8），请检查括号、引号和编码。',
  invalid_text: '请求中含有 NUL 字符或不完整的 Unicode 字符，请删除后重试。',
  invalid_name: '请求体中有不允许使用的成员名，请删除该成员后重试。',
  invalid_number: '请求体中有数字超出可表示的范围，请改用较小的数字。',
  too_deep: '请求体嵌套过深或字段过多，请参阅 GET /v1/limits；大批量数据请使用导入。',
  body_too_large: '请求体过大，请参阅 GET /v1/limits；大批量数据请使用导入。',
  body_missing: '请求体为空，请将文件作为请求体发送。',
  upload_cut_off: '上传中途断开，文件不完整，请重新上传。',
  unsupported_content_type: '此接口不接受该内容类型，请改用文档中列出的 Content-Type。',
  unsupported_encoding: '不支持该 Content-Encoding，请使用 gzip 压缩，或不压缩直接发送。',
  invalid_id: '路径中的编号不是 UUID，请原样使用本接口返回的编号。',
  incomplete_external_id: 'externalSystem 与 externalId 必须成对出现，请同时发送或同时省略。',
  invalid_cursor: '该游标不属于此列表或此排序。请原样使用 page.nextCursor，或去掉 cursor 从头开始。',
  invalid_wait_for_event: 'Wait-For-Event 必须是某次修改返回的 Event-Id（小写 UUID），请原样发送。',
  invalid_currency: '币种不是 ISO 4217 代码，请发送三个大写字母，例如 CNY。',
  invalid_amount: '金额不是合法的十进制数，请发送带小数点的数字，例如 "199.00"。',
  too_many_digits: '金额的小数位数超过该币种允许的位数，请先舍入再发送。',
  outcome_unknown: '写入时与数据库的连接中断，无法确定变更是否完成。请用同一个 Idempotency-Key 重试，或先读取确认。',
  amount_out_of_range: '金额超出可记录的范围，请改用较小的金额。',
  value_refused: '有值超出可存储的范围，未做任何修改。请检查后重试。',

  // Who is asking.
  unauthenticated: '请先登录：在 Authorization: Bearer 中发送访问令牌或 API 密钥。',
  forbidden: '您没有执行此操作的权限。您的权限见 GET /v1/me，如有需要请联系管理员。',
  permission_missing: '此操作还需要另一项权限，而您没有。请联系管理员授予。',

  // What is there.
  not_found: '找不到该资源，或您无权查看。请检查地址和编号。',
  method_not_allowed: '此地址不支持该方法，可用的方法见 Allow 响应头。',
  person_erased: '该人员的个人数据已按要求清除，无法再读取或修改，仅保留统计数字。',
  already_exists: '已存在具有相同唯一值的记录。请读取该记录，或改用其他值。',

  // What happened since, or happens now.
  version_conflict: '您读取之后，该记录已被他人修改。请重新读取，在新内容上修改，并在 If-Match 中发送新的 ETag。',
  if_match_required: '请在 If-Match 中发送您读取到的版本（ETag），以免覆盖他人的修改。',
  invalid_if_match: 'If-Match 必须是本接口返回的一个 ETag，例如 "3"（含引号）。',
  idempotency_key_reused: '此 Idempotency-Key 已用于另一个请求。新请求请使用新的键。',
  idempotency_in_progress: '使用此 Idempotency-Key 的请求仍在处理中，请稍后重试。',
  invalid_idempotency_key: 'Idempotency-Key 必须由可打印的 ASCII 字符组成，不含空格，且不能过长；建议使用 UUID。',
  not_yet_applied: '该事件尚未反映到此视图。请稍后重试，或去掉 Wait-For-Event 并查看 asOf。',
  operation_status: '该操作的当前状态不允许此动作。请读取该操作，确认其状态。',
  job_state: '该任务的当前状态不允许此动作。请读取该任务，确认其状态。',
  job_under_way: '同一对象已有更新的任务正在进行。请等待其结束，仅在它也失败时再重试此任务。',
  not_behind: '消费者只能回退到已经处理过的位置，不能跳到后面，否则会漏掉事件。请给出更小的位置。',
  not_replayable: '该消费者会在数据库之外产生影响，不能回退重放。请选择其他消费者。',
  not_first_in_line: '该事件排在同一对象的另一个事件之后。请先重试或丢弃前面的事件。',

  // How the server fares.
  busy: '服务器繁忙，未做任何修改，请稍后重试。',
  too_many_streams: '此服务器上打开的流已达上限。请稍后重试，或改为定期查询状态。',
  events_forgotten: '该位置之后的部分事件已超过保留期限。请先通过列表重新读取您保存的数据，再从 beginsAfter 所示的位置继续读取事件。',
  too_many_own_streams: '您在此服务器上打开的流已达上限。请关闭其中一些，或让多个读取者共用一个流。',
  stopping: '服务器正在停止，请稍后重试，届时将由其他服务器应答。',
  database_unavailable: '数据库暂时无法访问，未做任何修改，请稍后重试。',
  took_too_long: '处理时间过长，已中止，未做任何修改。请缩小范围，或稍后重试。',
  internal: '服务器出现错误。请在寻求帮助时提供 requestId。',

  // Refusals that a library below us gave without a code of its own.
  malformed: '无法理解该请求，请对照 /docs 检查地址、请求头和请求体。',
  missing: '找不到该资源，请对照 /docs 检查地址。',
  conflict: '请求与当前状态冲突，请重新读取后再试。',
  gone: '该资源已被清除，无法恢复。请改用其他资源。',
  stale: '该记录已被他人修改，请重新读取后再试。',
  too_large: '请求内容过大，请参阅 GET /v1/limits。',
  unsupported: '不支持该内容类型，请对照 /docs 检查 Content-Type。',
  rule: '请求违反业务规则，请对照 /docs 检查各字段后重试。',
  precondition_required: '请求缺少前提条件，请在 If-Match 中发送您读取到的 ETag。',
  exhausted: '请求过多，请稍后重试。',
  unavailable: '服务暂时不可用，请稍后重试。',
};

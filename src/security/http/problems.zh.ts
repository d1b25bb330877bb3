/** What the context refuses, and how to mend it. */
export const securityProblemsInChinese: Readonly<Record<string, string>> = {
  // Signing in.
  wrong_credentials: '邮箱与密码不匹配，或该账户不能登录。请检查后重试；多次输错密码会暂时锁定账户。',
  sign_in_locked: '密码输错次数过多，登录已暂时锁定，此时正确的密码也无法登录。请在 Retry-After 所示的时间之后重试。',
  too_many_sign_ins: '当前登录请求过多，请稍后重试。',
  invalid_refresh_token: '刷新令牌无效、已过期或已被使用过（重复使用会结束会话）。请重新登录。',
  no_session: '此操作仅供以密码登录的用户使用，API 密钥没有会话和密码。请登录后重试。',

  // Passwords.
  wrong_password: '当前密码不正确，未做任何修改。请检查后重试。',
  password_changed: '您的密码刚刚被另一个请求修改。请使用新密码登录。',
  password_too_weak: '密码包含邮箱地址，或所用字符种类过少。请改用他人难以从账户猜到的密码，例如几个互不相关的词。',

  // Who may do what.
  email_taken: '另一位用户已使用该邮箱登录。请改用其他邮箱，或修改那位用户。',
  unknown_role: '没有这个角色，可用的角色见 GET /v1/roles。',
  beyond_own_rights: '这些角色的权限超出您自己的权限。请由拥有这些权限的人操作。',
  last_administrator: '这是最后一位有效的管理员，停用后将无人能管理用户。请先指定另一位管理员。',
  scope_not_held: '只能将您自己拥有的权限授予密钥。您的权限见 GET /v1/me。',
  invalid_expiry: '密钥的到期时间必须晚于当前时间，且在五年之内。请修改 expiresAt。',
};

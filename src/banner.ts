import type { AppConfig } from './platform/config/config.js';
import type { FirstAdministratorMade } from './security/staff/use-cases/first-administrator.js';

/** What the person at the terminal wants to know once it runs. */
export function banner(config: AppConfig, url: string | undefined, administrator: FirstAdministratorMade | undefined): string {
  const lines = [
    url === undefined ? 'Shuke works in the background: consumers, jobs, sealing.' : `Shuke runs at ${url}`,
    '',
    ...(url === undefined ? [] : [`  API        ${url}/v1`, ...(config.docs ? [`  Docs       ${url}/docs/`] : []), `  Health     ${url}/health/ready`]),
    `  Database   ${config.databaseUrl === undefined ? `embedded PostgreSQL in ${config.dataDir} (keep this folder: the keys are in it too)` : 'yours, at DATABASE_URL'}`,
    `  Jobs       on ${config.redisUrl === undefined ? 'PostgreSQL' : 'Redis'}`,
    ...administratorLines(administrator),
  ];
  if (url === undefined) return lines.join('\n');
  const email = administrator?.email ?? config.adminEmail;
  return [
    ...lines,
    '',
    'Try next:',
    `  curl -s ${url}/v1/sessions -H 'Content-Type: application/json' \\`,
    `    -d '{"email":"${email}","password":"${administrator?.password ?? '…'}"}'`,
    ...(config.docs ? [`  then open ${url}/docs/, choose Authorize and paste the accessToken.`] : []),
    '',
    'Ctrl-C stops it.',
  ].join('\n');
}

function administratorLines(administrator: FirstAdministratorMade | undefined): string[] {
  if (!administrator) return [];
  const { email, password } = administrator;
  return ['', `  First administrator   ${email}`, `  Password              ${password ?? 'as in ADMIN_PASSWORD'}`, ...(password === undefined ? [] : ['  It is shown only this once. Change it at PUT /v1/me/password.'])];
}

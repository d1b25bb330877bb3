import type { AppConfig } from '../config/config.js';

const YEAR_SECONDS = 31_536_000;

/**
 * On every answer. Bodies are data, never pages, so nothing may be loaded, framed or sniffed; and nobody on the way keeps
 * people's data. `/docs` sets its own policy over this one.
 */
export function securityHeaders(config: AppConfig): Readonly<Record<string, string>> {
  return {
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    ...(config.publicUrl?.startsWith('https://') ? { 'Strict-Transport-Security': `max-age=${YEAR_SECONDS}` } : {}),
  };
}

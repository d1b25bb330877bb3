import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

/** 256 random bits in base64url (43 characters): what refresh tokens and API keys are made of. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/**
 * What is stored of a secret. Plain SHA-256 suffices where the secret is 256 random bits: there is nothing to guess.
 * Passwords are hashed in passwords.ts.
 */
export function fingerprint(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** In time that does not depend on where they differ. */
export function sameFingerprint(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

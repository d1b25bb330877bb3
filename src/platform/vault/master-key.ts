/** A key that somebody else locked: 40 bytes with the local keyring, whatever a KMS makes of it otherwise. */
export interface WrappedKey {
  readonly masterKeyId: string;
  readonly wrappedKey: Buffer;
}

/** Local keys answer at once, a KMS by network; `await` reads both. */
export type Soon<T> = T | Promise<T>;

export const KEY_BYTES = 32;

/**
 * The port to whoever guards the master keys: a file, an environment value, or a KMS.
 * A master key never leaves it; keys of persons go in and come out.
 */
export abstract class MasterKeys {
  /** Every master key that can still unwrap; the first is the one that wraps. */
  abstract readonly ids: readonly string[];

  /** Locks a person's key (32 bytes) under the current master key and says which that was. */
  abstract wrap(key: Buffer): Soon<WrappedKey>;

  /** @throws MasterKeyMissing if the key id is not known here; Error if the bytes were changed or wrapped by another key. */
  abstract unwrap(wrapped: WrappedKey): Soon<Buffer>;

  /**
   * A key for one purpose (`blind-index/exact`, `token-signing/1`, `cursor-signing/1`), the same in every process and after every
   * rotation of the master keys. A purpose that must change its key carries a number in its name.
   * @param bytes 1 to 8160 (HKDF-SHA-256, RFC 5869: 255 blocks).
   */
  abstract derive(purpose: string, bytes: number): Buffer;
}

/** The database speaks of a master key that this process does not hold: a wrong or lost keyring, never a reason to make a new one. */
export class MasterKeyMissing extends Error {
  constructor(masterKeyId: string, known: readonly string[]) {
    super(
      `Keys of persons are wrapped by master key "${masterKeyId}", but this process only holds ${known.map((id) => `"${id}"`).join(', ')}. ` +
        'Put the old keyring back, or add the missing line to it.',
    );
    this.name = 'MasterKeyMissing';
  }
}

import type { Encoding } from '../../domain/encoding.js';

/** Reads bytes that hold whole characters. */
export interface StrictDecoder {
  /** @throws Error if a byte fits no character. */
  decode(bytes: Uint8Array): string;
  /** What fits no character is U+FFFD. */
  decodeLoosely(bytes: Uint8Array): string;
}

const decoders = new Map<Encoding, StrictDecoder>();

export function decoderOf(encoding: Encoding): StrictDecoder {
  const known = decoders.get(encoding) ?? (encoding === 'windows-1252' ? new Windows1252() : new PlatformDecoder(encoding));
  decoders.set(encoding, known);
  return known;
}

/** ICU reads stray bytes of Big5 and its like as these characters of private use instead of refusing them. */
const MADE_UP = /[\uF8F0-\uF8FF]/g;
const HAS_MADE_UP = new RegExp(MADE_UP.source);

class PlatformDecoder implements StrictDecoder {
  private readonly strict: InstanceType<typeof TextDecoder>;
  private readonly loose: InstanceType<typeof TextDecoder>;
  private readonly makesUp: boolean;

  constructor(encoding: Encoding) {
    // The mark at the beginning of the file is taken off there; anywhere else it is a character like others.
    this.strict = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    this.loose = new TextDecoder(encoding, { ignoreBOM: true });
    this.makesUp = !encoding.startsWith('utf-');
  }

  decode(bytes: Uint8Array): string {
    const text = this.strict.decode(bytes);
    if (this.makesUp && HAS_MADE_UP.test(text)) throw new Error('A byte fits no character.');
    return text;
  }

  decodeLoosely(bytes: Uint8Array): string {
    const text = this.loose.decode(bytes);
    return this.makesUp ? text.replace(MADE_UP, '\uFFFD') : text;
  }
}

/** Bytes 0x80 to 0x9F; blank where there is no character. Node before 24 reads them as ISO-8859-1 (nodejs/node#56542). */
const UPPER_CONTROLS = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';
const CONTROLS = /[\x80-\x9f]/g;
const UNUSED = /[\x81\x8d\x8f\x90\x9d]/;

class Windows1252 implements StrictDecoder {
  decode(bytes: Uint8Array): string {
    const text = latin1(bytes);
    if (UNUSED.test(text)) throw new Error('A byte fits no character.');
    return text.replace(CONTROLS, (control) => UPPER_CONTROLS[control.charCodeAt(0) - 0x80]!);
  }

  decodeLoosely(bytes: Uint8Array): string {
    return latin1(bytes).replace(CONTROLS, (control) => (UNUSED.test(control) ? '\uFFFD' : UPPER_CONTROLS[control.charCodeAt(0) - 0x80]!));
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

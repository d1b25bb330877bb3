/** RFC 5321 §4.5.3.1: 64 octets before the @ and 254 in all. */
const LONGEST = 254;
const LONGEST_LOCAL = 64;
const SHAPE = /^[^\s@<>(),;:\\"[\]]+@[^\s@<>(),;:\\"[\]]+\.[^\s@<>(),;:\\"[\].]+$/u;

/** The address trimmed and with its domain in lower case; undefined if it is none. The part before the @ keeps its case. */
export function normalizeEmail(text: string): string | undefined {
  const address = text.trim().normalize('NFC');
  const at = address.lastIndexOf('@');
  if (address.length > LONGEST || at > LONGEST_LOCAL || !SHAPE.test(address)) return undefined;
  return address.slice(0, at) + address.slice(at).toLowerCase();
}

/** What two spellings of one mailbox have in common. Servers may tell case apart, but people do not. */
export function emailIdentity(normalized: string): string {
  return normalized.toLowerCase();
}

/** Wrong passwords for one account, with no pause of `LOCK_MINUTES` between them, until it is locked. Source: QUALITY G44. */
export const WRONG_FOR_ONE_ACCOUNT = 10;

/** The same for one network, over all accounts: stops one password tried on everybody. An office behind one address stays far below. */
export const WRONG_FROM_ONE_NETWORK = 200;

/** How long a lock holds, and how long a pause forgets the wrong ones before it. Source: QUALITY G44. */
export const LOCK_MINUTES = 15;

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS_IN_ADDRESS = 8;
const GROUPS_IN_NETWORK = 4;

/**
 * Whom an address is counted as: itself for IPv4; for IPv6 its /64, since one subscriber has that whole network and could otherwise
 * guess from a new address every time.
 */
export function networkOf(address: string): string {
  const bare = address.split('%')[0] ?? '';
  const [, ipv4] = MAPPED_IPV4.exec(bare) ?? [];
  if (ipv4 !== undefined) return ipv4;
  if (!bare.includes(':')) return bare;

  const [head = '', tail] = bare.toLowerCase().split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const gap = tail === undefined ? 0 : Math.max(0, GROUPS_IN_ADDRESS - before.length - after.length);
  const all = [...before, ...Array<string>(gap).fill('0'), ...after];
  return `${all.slice(0, GROUPS_IN_NETWORK).map(withoutZeros).join(':')}::/64`;
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function withoutZeros(group: string): string {
  return group.replace(/^0+(?=.)/, '');
}

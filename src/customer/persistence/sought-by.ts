import { Injectable } from '@nestjs/common';
import { BlindIndex, type IndexedText } from '../../platform/vault/blind-index.js';
import { identitiesOf, type ContactIdentity, type ContactPoint } from '../domain/contact-point.js';
import type { Profile } from '../domain/profile.js';

/** A row of customer.contact_index. */
export interface ContactDigest {
  readonly kind: ContactIdentity['kind'];
  readonly digest: Buffer;
  readonly shared: boolean;
}

/** Digits and what people write between them: a fragment with letters is not one of a phone. */
const PHONE_LIKE = /^[\d\uff10-\uff19\s()+.-]+$/;

/** What stands beside a sealed profile so that it can be found: keyed fingerprints, which say nothing to whoever lacks the key. */
@Injectable()
export class SoughtBy {
  /** By the list itself, which nobody changes: it is looked for first and stored later, and each fingerprint costs as much as a seal. */
  private readonly digests = new WeakMap<readonly ContactPoint[], readonly ContactDigest[]>();

  constructor(private readonly index: BlindIndex) {}

  /** In one order for everybody, so that two who write the same ones at once wait for each other instead of deadlocking. */
  digestsOf(points: readonly ContactPoint[]): readonly ContactDigest[] {
    const known = this.digests.get(points);
    if (known) return known;
    const digests = identitiesOf(points)
      .map(({ kind, value, shared }) => ({ kind, digest: this.digest(kind, value), shared }))
      .sort((a, b) => a.digest.compare(b.digest));
    this.digests.set(points, digests);
    return digests;
  }

  /** `value` as `identitiesOf` gives it. */
  digest(kind: ContactIdentity['kind'], value: string): Buffer {
    return this.index.exact(`customer.${kind}`, value);
  }

  /** Grams of the name, and of each phone as it was given and in E.164, because people search for either. */
  gramsOf({ name, contactPoints }: Pick<Profile, 'name' | 'contactPoints'>): number[] {
    const texts: IndexedText[] = name === null ? [] : [{ kind: 'name', text: name }];
    for (const { kind, value, normalized } of contactPoints) {
      if (kind !== 'phone') continue;
      texts.push({ kind: 'phone', text: value });
      if (normalized !== null && normalized !== value) texts.push({ kind: 'phone', text: normalized });
    }
    return this.index.grams(texts);
  }

  /** The sets of grams of which a row must hold one to contain the fragment; none if it is too short to look for. */
  gramsOfFragment(fragment: string): number[][] {
    const kinds = PHONE_LIKE.test(fragment) ? (['name', 'phone'] as const) : (['name'] as const);
    return kinds.map((kind) => this.index.gramsOf(kind, fragment)).filter((grams) => grams !== null);
  }

  /** Grams nearly always tell the truth; the opened profile decides. */
  matches(fragment: string, { name, contactPoints }: Pick<Profile, 'name' | 'contactPoints'>): boolean {
    if (name !== null && this.index.matches('name', fragment, name)) return true;
    if (!PHONE_LIKE.test(fragment)) return false;
    return contactPoints.some((point) => point.kind === 'phone' && [point.value, point.normalized ?? ''].some((text) => this.index.matches('phone', fragment, text)));
  }
}

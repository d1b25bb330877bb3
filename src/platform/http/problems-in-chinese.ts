/**
 * The `detail` of every problem in Chinese, by its code: what was refused and how to mend it, without the values the
 * English one names. Titles are with their statuses in refusals.ts. `errors[].detail` stays English: it names the
 * values a field may have, which no static sentence can; programs translate `errors[].code`.
 */
export class ProblemsInChinese {
  private readonly details = new Map<string, string>();

  /** @throws Error if two lists have the same code, since one of them would be silent. */
  constructor(lists: readonly Readonly<Record<string, string>>[]) {
    for (const [code, detail] of lists.flatMap((list) => Object.entries(list))) {
      if (this.details.has(code)) {
        throw new Error(`Two lists say "${code}" in Chinese. Keep one sentence: in platform/http/problems.zh.ts if several contexts answer this code; else give one of the problems another code.`);
      }
      this.details.set(code, detail);
    }
  }

  detailOf(code: string): string | undefined {
    return this.details.get(code);
  }

  /** In the order of their codes. */
  all(): [code: string, detail: string][] {
    return [...this.details].toSorted(([one], [other]) => (one < other ? -1 : 1));
  }
}

import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

async function violations(folder: string): Promise<string[]> {
  const depcruise = resolve(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = resolve(root, '.dependency-cruiser.cjs');
  // The tool's exit code is the number of violations; what it prints is what counts here.
  const { stdout } = await run(process.execPath, [depcruise, '--config', config, '--output-type', 'json', 'src'], { cwd: folder, maxBuffer: 1 << 28, env: { ...process.env, NODE_OPTIONS: '' } }).catch(
    (failure: { stdout: string }) => failure,
  );
  const report = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  return report.summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`).sort();
}

describe('import rules (DESIGN §3)', () => {
  it('hold in the product', async () => {
    expect(await violations(root)).toEqual([]);
  });

  it('catch every planted violation', async () => {
    expect(await violations(resolve(import.meta.dirname, 'planted'))).toEqual(
      [
        'contract-imports-kernel-only: src/customer/contract/heavy.ts',
        'domain-is-pure: src/customer/domain/impure.ts',
        'domain-is-pure: src/customer/domain/timed.ts',
        'http-goes-through-use-cases: src/customer/http/shortcut.ts',
        'kernel-stands-alone: src/kernel/leaning.ts',
        'no-cycles: src/sales/orders/domain/circle-a.ts',
        'nobody-imports-the-wiring: src/sales/orders/use-cases/wired.ts',
        'other-contexts-by-contract-only: src/sales/orders/use-cases/trespass-by-type.ts',
        'other-contexts-by-contract-only: src/sales/orders/use-cases/trespass-later.ts',
        'other-contexts-by-contract-only: src/sales/orders/use-cases/trespass.ts',
        'platform-knows-no-context: src/platform/nosy.ts',
        'queue-library-in-platform-jobs: src/sales/orders/views/queueing.ts',
        'rows-stay-low: src/customer/persistence/upward.ts',
        'typeorm-below: src/customer/domain/impure.ts',
        'typeorm-below: src/customer/use-cases/rows.ts',
        'use-cases-know-no-http: src/customer/use-cases/web.ts',
      ].sort(),
    );
  });
});

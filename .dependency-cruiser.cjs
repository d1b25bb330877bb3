/** Who may import whom (DESIGN §3). Each rule is proven by a file in test/architecture/planted. */
const CONTEXT = '(customer|sales|marketing|service|analytics|integration|security)';
const SRC = '^src/';
/** A drawer lies in the context itself or in one of its areas. */
const drawer = (context, name) => `${SRC}${context}/.*${name}/`;

module.exports = {
  forbidden: [
    { name: 'kernel-stands-alone', severity: 'error', comment: 'The kernel imports nothing but itself.',
      from: { path: `${SRC}kernel/`, pathNot: '\\.spec\\.ts$' }, to: { pathNot: `${SRC}kernel/` } },
    { name: 'contract-imports-kernel-only', severity: 'error', comment: 'A contract is plain words: kernel only.',
      from: { path: `${SRC}${CONTEXT}/contract/` }, to: { pathNot: [`${SRC}kernel/`, `${SRC}$1/contract/`] } },
    { name: 'domain-is-pure', severity: 'error', comment: 'Domain code takes time and ids as arguments and imports no package.',
      from: { path: drawer(CONTEXT, 'domain'), pathNot: '\\.spec\\.ts$' },
      to: { pathNot: [`${SRC}kernel/`, drawer('$1', 'domain'), `${SRC}$1/contract/`] } },
    { name: 'rows-stay-low', severity: 'error', comment: 'Persistence and views know kernel, platform, their own domain and contract, and (views) foreign contracts.',
      from: { path: [drawer(CONTEXT, 'persistence'), drawer(CONTEXT, 'views')] },
      to: { path: [drawer(CONTEXT, 'use-cases'), drawer(CONTEXT, 'http')] } },
    { name: 'use-cases-know-no-http', severity: 'error', comment: 'A use case may be run by a request, an event or a job; it never sees which.',
      from: { path: drawer(CONTEXT, 'use-cases') }, to: { path: [drawer(CONTEXT, 'http'), `${SRC}platform/http/`] } },
    { name: 'http-goes-through-use-cases', severity: 'error', comment: 'Controllers call use cases and views; they touch no table and no aggregate.',
      from: { path: drawer(CONTEXT, 'http') }, to: { path: drawer(CONTEXT, 'persistence') } },
    { name: 'other-contexts-by-contract-only', severity: 'error', comment: 'One context uses another through its contract and nothing else.',
      from: { path: `${SRC}${CONTEXT}/` },
      to: { path: `${SRC}${CONTEXT}/`, pathNot: [`${SRC}$1/`, `${SRC}${CONTEXT}/contract/`] } },
    { name: 'platform-knows-no-context', severity: 'error', comment: 'Plumbing gets lists handed in by app.module.ts.',
      from: { path: `${SRC}platform/` }, to: { path: `${SRC}${CONTEXT}/` } },
    { name: 'queue-library-in-platform-jobs', severity: 'error', comment: 'bullmq and ioredis are details of platform/jobs.',
      from: { path: SRC, pathNot: `${SRC}platform/jobs/` }, to: { path: ['node_modules/bullmq/', 'node_modules/ioredis/'] } },
    { name: 'typeorm-below', severity: 'error', comment: 'Only persistence, views and platform know TypeORM.',
      from: { path: SRC, pathNot: [`${SRC}platform/`, drawer(CONTEXT, 'persistence'), drawer(CONTEXT, 'views'), '\\.spec\\.ts$'] }, to: { path: 'node_modules/typeorm/' } },
    { name: 'nobody-imports-the-wiring', severity: 'error', comment: 'Modules are wired by app.module.ts alone.',
      from: { path: SRC, pathNot: [`${SRC}app\\.module\\.ts$`, `${SRC}platform/`] }, to: { path: `${SRC}${CONTEXT}/[^/]+\\.module\\.ts$` } },
    { name: 'no-cycles', severity: 'error', comment: 'A cycle hides which of two files depends on the other.',
      from: { path: SRC }, to: { circular: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: `${__dirname}/tsconfig.test.json` },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'], mainFields: ['module', 'main', 'types'] },
  },
};

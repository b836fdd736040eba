const SERVICES = '^(command-api|projector|notifier|query-api)/';
const TESTS = '(\\.test\\.ts$|/test/)';

/** Who may import whom: services -> kit -> contracts. */
module.exports = {
  forbidden: [
    {
      name: 'no-service-to-service',
      comment:
        'Services meet in the log, in contracts and over HTTP; only start.ts and the suites over all of them compose them.',
      severity: 'error',
      from: { path: SERVICES },
      to: { path: SERVICES, pathNot: '^$1/' },
    },
    {
      name: 'no-service-below',
      comment: 'The kit knows no service.',
      severity: 'error',
      from: { path: '^(contracts|infra/kit)/', pathNot: TESTS },
      to: { path: [SERVICES, '^infra/(?!kit/)'] },
    },
    {
      name: 'no-embedded-in-services',
      comment: 'Which engine runs is configuration; only tests start one.',
      severity: 'error',
      from: { path: SERVICES, pathNot: TESTS },
      to: { path: '^infra/(?!kit/)' },
    },
    {
      name: 'services-composed-by-start-alone',
      comment:
        "An embedded engine stands alone; the operator's commands run the services' own functions, settings are theirs to read.",
      severity: 'error',
      from: {
        path: '^infra/embedded/src/',
        pathNot: ['^infra/embedded/src/(start|readSettings|forget/|admin/)', TESTS],
      },
      to: { path: SERVICES },
    },
    {
      name: 'contracts-alone',
      comment: 'No I/O, no client library.',
      severity: 'error',
      from: { path: '^contracts/src/', pathNot: TESTS },
      to: { pathNot: ['^contracts/src/', '^(node:)?(crypto|url)$'] },
    },
    {
      name: 'no-test-support-in-sources',
      severity: 'error',
      from: { path: '/src/', pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '/generated/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};

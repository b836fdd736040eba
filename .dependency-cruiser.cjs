const SERVICES = '^(command-api|projector|notifier|query-api)/';
const TESTS = '(\\.test\\.ts$|/test/)';

/** The rooms of each service, lowest first: a room imports only rooms before it. */
const ROOMS = {
  'command-api': [
    'user',
    'limits',
    'credentials',
    'account',
    'authorization',
    'change',
    'profile',
    'registration',
    'session',
    'erasure',
    'reconciler',
    'administration',
  ],
  projector: ['projection', 'profile'],
  notifier: ['mail', 'registration', 'erasure'],
  'query-api': ['consistency', 'authorization', 'profile', 'directory'],
};

const roomRules = Object.entries(ROOMS).flatMap(([service, rooms]) => [
  ...rooms.slice(0, -1).map((room, index) => ({
    name: `${service}-${room}-below`,
    comment: `${room}/ is below ${rooms.slice(index + 1).join(', ')}.`,
    severity: 'error',
    from: { path: `^${service}/src/${room}/`, pathNot: TESTS },
    to: { path: `^${service}/src/(${rooms.slice(index + 1).join('|')})/` },
  })),
  {
    name: `${service}-room-without-place`,
    comment: 'A new room gets its place in the list above.',
    severity: 'error',
    from: { path: `^${service}/src/[^/]+/`, pathNot: [`^${service}/src/(${rooms.join('|')}|generated)/`, TESTS] },
    to: {},
  },
]);

/** Who may import whom: services -> identity -> kit -> contracts. */
module.exports = {
  forbidden: [
    {
      name: 'no-service-to-service',
      comment:
        'Services meet in the event log, in contracts and over HTTP; only start.ts and the suites over all of them compose them.',
      severity: 'error',
      from: { path: SERVICES },
      to: { path: SERVICES, pathNot: '^$1/' },
    },
    {
      name: 'no-service-below',
      comment: 'The kit and the identity package import no service.',
      severity: 'error',
      from: { path: '^(contracts|infra/(kit|identity))/', pathNot: TESTS },
      to: { path: [SERVICES, '^infra/(?!(kit|identity)/)'] },
    },
    {
      name: 'kit-below-identity',
      comment: 'The kit is technique: routes, roles, tokens, mail purposes and the vault are in the identity package.',
      severity: 'error',
      from: { path: '^infra/kit/', pathNot: TESTS },
      to: {
        path: [
          '^infra/identity/',
          '^contracts/src/(routes|roles|address|personName|consistencyToken|http/(?!problem))',
        ],
      },
    },
    {
      name: 'no-embedded-in-services',
      comment: 'Which engine runs is configuration; only tests start one.',
      severity: 'error',
      from: { path: SERVICES, pathNot: TESTS },
      to: { path: '^infra/(?!(kit|identity)/)' },
    },
    {
      name: 'services-composed-by-start-alone',
      comment:
        "An embedded engine stands alone; the operator's commands run the services' own functions and read their settings.",
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
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '/generated/' } },
    ...roomRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};

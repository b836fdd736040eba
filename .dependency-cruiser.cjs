const SERVICES = '^(command-api|projector|notifier|notary|query-api)/';
const TESTS = '(\\.test\\.ts$|/test/)';

/** The folders of each place, lowest first: a folder imports only folders before it, and no file beside the folders. */
const FOLDERS = {
  contracts: [
    'proof',
    'tree',
    'audit',
    'events',
    'stored',
    'messages',
    'reducers',
    'directory',
    'kafka',
    'history',
    'http',
  ],
  'command-api': [
    'user',
    'input',
    'limits',
    'account',
    'credentials',
    'erasure',
    'change',
    'authorization',
    'picture',
    'mail-request',
    'email-change',
    'password-reset',
    'profile',
    'registration',
    'mailed-link',
    'mail-feedback',
    'address-key',
    'master-key',
    'session',
    'password',
    'reconciler',
    'administration',
    'grant',
    'export',
  ],
  projector: ['projection', 'profile', 'audit', 'publisher', 'rebuild'],
  notifier: [
    'picture-processing',
    'picture',
    'mail',
    'registration',
    'email-change',
    'password',
    'mail-request',
    'erasure',
  ],
  notary: ['note', 'tree', 'place', 'checkpoint', 'receipt', 'export'],
  'query-api': [
    ...['input', 'limits', 'consistency', 'authorization', 'history', 'proof', 'erasure', 'profile'],
    ...['directory', 'audit', 'access'],
  ],
  'infra/aws': [
    ...['size', 'naming', 'settings', 'nag', 'permissions', 'firewall', 'keys', 'network', 'data'],
    ...['logs', 'mail', 'edge', 'bundle', 'service', 'delivery'],
  ],
  'infra/kit/src/http': ['request', 'connection', 'body', 'problem', 'docs'],
};

/** Where the folders of a place are. */
const rootOf = (place) => (place.includes('/src/') ? place : `${place}/src`);

const folderRules = Object.entries(FOLDERS).flatMap(([place, folders]) => [
  ...folders.slice(0, -1).map((folder, index) => ({
    name: `${place}-${folder}-below`,
    comment: `${folder}/ is below ${folders.slice(index + 1).join(', ')}.`,
    severity: 'error',
    from: { path: `^${rootOf(place)}/${folder}/`, pathNot: TESTS },
    to: { path: `^${rootOf(place)}/(${folders.slice(index + 1).join('|')})/` },
  })),
  ...(place === 'contracts'
    ? []
    : [
        {
          name: `${place}-folders-below-composition`,
          comment: 'The files beside the folders compose them; a folder that needs something of theirs gets it passed.',
          severity: 'error',
          from: { path: `^${rootOf(place)}/[^/]+/`, pathNot: [`^${rootOf(place)}/generated/`, TESTS] },
          to: { path: `^${rootOf(place)}/[^/]+\\.ts$` },
        },
      ]),
  {
    name: `${place}-folder-not-listed`,
    comment: 'Add the new folder to FOLDERS.',
    severity: 'error',
    from: { path: `^${rootOf(place)}/[^/]+/`, pathNot: [`^${rootOf(place)}/(${folders.join('|')}|generated)/`, TESTS] },
    to: {},
  },
]);

/** Allowed imports: services -> identity -> kit -> contracts. */
module.exports = {
  forbidden: [
    {
      name: 'no-service-to-service',
      comment:
        'Services share the event log, contracts and HTTP, not code; only start.ts and the suites in infra compose them.',
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
      comment: 'The kit knows events, streams and sealing, but no routes, roles, tokens, mails or tables of the vault.',
      severity: 'error',
      from: { path: '^infra/kit/', pathNot: TESTS },
      to: {
        path: ['^infra/identity/', '^contracts/src/'],
        pathNot:
          '^contracts/src/(events/(event|fields)|stored/|messages/message|kafka/|metadata|personal|sealing|streams|uuid|http/problem)',
      },
    },
    {
      name: 'no-embedded-in-services',
      comment: 'Services reach engines through configuration; only tests start the embedded ones.',
      severity: 'error',
      from: { path: SERVICES, pathNot: TESTS },
      to: { path: '^infra/(?!(kit|identity)/)' },
    },
    {
      name: 'services-composed-by-start-alone',
      comment: 'Embedded engines import no service; only start, readSettings and forget do.',
      severity: 'error',
      from: {
        path: '^infra/embedded/src/',
        pathNot: ['^infra/embedded/src/(start|readSettings|forget/)', TESTS],
      },
      to: { path: SERVICES },
    },
    {
      name: 'commands-above-embedded',
      comment: "The operator's commands use the embedded engines, never the other way round.",
      severity: 'error',
      from: { path: '^infra/(embedded|engines)/', pathNot: TESTS },
      to: { path: '^infra/commands/' },
    },
    {
      name: 'contracts-alone',
      comment: 'Contracts do no I/O and use no client library.',
      severity: 'error',
      from: { path: '^contracts/src/', pathNot: TESTS },
      to: { pathNot: ['^contracts/src/', '^(node:)?(crypto|url)$'] },
    },
    {
      name: 'verifier-alone',
      comment: 'The verifier is a program that others can read: Node alone, and the encoding of leaves.',
      severity: 'error',
      from: { path: '^infra/verifier/src/', pathNot: TESTS },
      to: { pathNot: ['^infra/verifier/src/', '^contracts/src/proof/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'proofs-alone',
      comment: 'What a proof hashes depends on nothing that may change.',
      severity: 'error',
      from: { path: '^contracts/src/proof/', pathNot: TESTS },
      to: { pathNot: '^contracts/src/proof/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'no-test-support-in-sources',
      severity: 'error',
      from: { path: '/src/', pathNot: TESTS },
      to: { path: TESTS },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '/generated/' } },
    ...folderRules,
    {
      name: 'contracts-files-below-folders',
      comment:
        'The files beside the folders of contracts are the lowest: values that events, messages and routes consist of.',
      severity: 'error',
      from: { path: '^contracts/src/[^/]+\\.ts$', pathNot: TESTS },
      to: { path: '^contracts/src/[^/]+/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};

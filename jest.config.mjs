import { availableParallelism } from 'node:os';

const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

/** Runs all tests: `.test.ts` needs no engine, `.int.test.ts` starts the engine it needs, `.e2e.test.ts` starts the whole service. */
export default {
  rootDir: import.meta.dirname,
  roots: [
    '<rootDir>/contracts',
    '<rootDir>/command-api',
    '<rootDir>/projector',
    '<rootDir>/notifier',
    '<rootDir>/notary',
    '<rootDir>/query-api',
    '<rootDir>/infra',
  ],
  modulePathIgnorePatterns: ['/dist/'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  moduleNameMapper: {
    '^@ums/(contracts|command-api|projector|notifier|notary|query-api)/(.*)$': '<rootDir>/$1/src/$2.ts',
    '^@ums/(kit|identity|embedded|commands|engines|verifier|aws)/(.*)$': '<rootDir>/infra/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  // Most suites wait for engines rather than compute; jest's default would leave a core idle on small machines.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // A module that was loaded through `vm` stays in memory, so each suite leaves some megabytes. Near the limit of its heap a worker
  // mostly collects garbage: suites miss their deadlines, and at last it crashes.
  workerIdleMemoryLimit: '1GB',
  // A busy machine takes several times as long as a quiet one. A test that waits for something that never comes ends all the same.
  testTimeout: 90_000,
  // Includes files that no test loads, because infra/coverage checks each file. A `main.ts` runs in its own process, which is not measured.
  collectCoverageFrom: ['*/src/**/*.ts', 'infra/*/src/**/*.ts', '!**/main.ts', '!**/generated/**', '!**/*.test.ts'],
  coverageReporters: ['text-summary'],
  globalSetup: '<rootDir>/infra/embedded/test/globalSetup.mjs',
  globalTeardown: '<rootDir>/infra/embedded/test/globalTeardown.mjs',
};

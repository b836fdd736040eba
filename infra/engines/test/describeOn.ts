import { describe } from '@jest/globals';
import { HELM, KUBECONFORM } from '../src/install/chartPrograms.js';
import { whyUnavailable } from '../src/install/installEngine.js';
import { whyGoProgramUnavailable } from '../src/install/installGoProgram.js';
import { KAFKA } from '../src/kafka/startKafka.js';
import { OPENSEARCH } from '../src/openSearch/startOpenSearch.js';
import { VERSITYGW } from '../src/versitygw/startVersitygw.js';
import { announceOnce } from './announceOnce.js';
import { hasDocker } from './dockerEngine.js';

/** Why an engine, or a program that checks the chart, is not available, by its name. */
const WHY_UNAVAILABLE = {
  Kafka: (env: NodeJS.ProcessEnv) => whyUnavailable(KAFKA, env),
  OpenSearch: (env: NodeJS.ProcessEnv) => whyUnavailable(OPENSEARCH, env),
  versitygw: (env: NodeJS.ProcessEnv) => whyGoProgramUnavailable(VERSITYGW, env),
  helm: (env: NodeJS.ProcessEnv) => whyGoProgramUnavailable(HELM, env),
  kubeconform: (env: NodeJS.ProcessEnv) => whyGoProgramUnavailable(KUBECONFORM, env),
};
type EngineName = keyof typeof WHY_UNAVAILABLE;

/** The part of jest's `describe` that is used. */
interface Suite {
  (title: string, tests: () => void): void;
  skip(title: string, tests: () => void): void;
}

interface DescribeOptions {
  env?: NodeJS.ProcessEnv;
  suite?: Suite;
  /** Tells the reader of the run's output. */
  announce?: (line: string) => void;
  /** Whether an engine that cannot run here may run in a container. @default whether a Docker engine answers */
  containers?: boolean;
}

/**
 * `describe` for tests that need real engines. Where an engine can neither be started nor installed nor run in a container,
 * the tests are skipped and the run says which engine is missing and why; with REQUIRE_ENGINES=1 the file fails instead.
 */
export const describeOn = (
  engines: readonly EngineName[],
  title: string,
  tests: () => void,
  { env = process.env, suite = describe, announce = announceOnce, containers = hasDocker }: DescribeOptions = {},
): void => {
  const missing = containers ? [] : missingEngines(engines, env);
  if (missing.length === 0) {
    suite(title, tests);
    return;
  }
  const reasons = missing.join(' ');
  if (env.REQUIRE_ENGINES === '1') throw new Error(`REQUIRE_ENGINES is set, but an engine is missing. ${reasons}`);
  for (const reason of missing) announce(`Tests are skipped. ${reason}`);
  suite.skip(`${title} (skipped: ${reasons})`, tests);
};

/** {@link describeOn} for tests that start, kill or configure engines themselves, which takes a process of this machine. */
export const describeOnOwn: typeof describeOn = (engines, title, tests, options = {}) =>
  describeOn(engines, title, tests, { ...options, containers: false });

/** One sentence for each engine that is not available. */
export const missingEngines = (engines: readonly EngineName[], env: NodeJS.ProcessEnv): string[] =>
  engines.flatMap((name) => {
    const why = WHY_UNAVAILABLE[name](env);
    return why === undefined ? [] : [`${name} is missing: ${why}`];
  });

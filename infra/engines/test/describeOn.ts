import { describe } from '@jest/globals';
import { type EngineRecipe, whyUnavailable } from '../src/install/installEngine.js';
import { KAFKA } from '../src/kafka/startKafka.js';
import { OPENSEARCH } from '../src/openSearch/startOpenSearch.js';
import { announceOnce } from './announceOnce.js';

const RECIPES: Readonly<Record<EngineRecipe['name'], EngineRecipe>> = { Kafka: KAFKA, OpenSearch: OPENSEARCH };

/**
 * `describe` for tests that need real engines. Where an engine can neither be started nor installed, the tests are skipped and
 * the run says which engine is missing and why; with REQUIRE_ENGINES=1 the file fails instead.
 */
export const describeOn = (
  engines: readonly EngineRecipe['name'][],
  title: string,
  tests: () => void,
  env: NodeJS.ProcessEnv = process.env,
): void => {
  const missing = missingEngines(engines, env);
  if (missing.length === 0) {
    describe(title, tests);
    return;
  }
  const reasons = missing.join(' ');
  if (env.REQUIRE_ENGINES === '1') throw new Error(`REQUIRE_ENGINES is set, but an engine is missing. ${reasons}`);
  for (const reason of missing) announceOnce(`Tests are skipped. ${reason}`);
  describe.skip(`${title} (skipped: ${reasons})`, tests);
};

/** One sentence for each engine that is not available. */
export const missingEngines = (engines: readonly EngineRecipe['name'][], env: NodeJS.ProcessEnv): string[] =>
  engines.flatMap((name) => {
    const why = whyUnavailable(RECIPES[name], env);
    return why === undefined ? [] : [`${name} is missing: ${why}`];
  });

import { describe } from '@jest/globals';
import { type GoRecipe, whyGoProgramUnavailable } from '@ums/engines/install/installGoProgram';
import { announceOnce } from '../../engines/test/announceOnce.js';

/**
 * `describe` for tests that run a tool written in Go. Where it is neither installed nor can be compiled, the tests are skipped
 * and the run says so; with REQUIRE_ENGINES=1 they fail.
 */
export const describeOnGo = (recipe: GoRecipe, title: string, tests: () => void): void => {
  const why = whyGoProgramUnavailable(recipe);
  if (why === undefined || process.env.REQUIRE_ENGINES === '1') {
    describe(title, tests);
    return;
  }
  announceOnce(`Tests are skipped. ${why}`);
  describe.skip(`${title} (skipped: ${why})`, tests);
};

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { TYPESCRIPT_LOADER } from '../../../embedded/test/typescriptLoader.js';
import { STARTED } from '../../test/repositoryWorkflows.js';
import { COMMANDS, SUPPLY_CHAIN } from '../../test/workflowCommands.js';
import { ROOT } from '../root.js';

describe('npm run ci:local', () => {
  /** Left out because the tests run them, or they take minutes, need a network or write below the root. */
  const HEAVY = [...COMMANDS.filter((name) => name !== 'contract:check'), ...SUPPLY_CHAIN].map(
    (name) => `npm run -s ${name}`,
  );

  it.each(STARTED)(
    'runs %s on this machine',
    (name) => {
      const artifact = name === 'release' ? ['npm run -s release:artifact', 'sha256sum'] : [];
      const heavy = [...HEAVY, 'npm test', ...artifact];
      const main = join(import.meta.dirname, 'main.ts');
      const leaveOut = heavy.flatMap((command) => ['--leave-out', command]);
      const args = ['--no-warnings', '--import', TYPESCRIPT_LOADER, main, name, ...leaveOut];
      const { PUBLIC_URL: _url, ...env } = process.env;
      const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: 'utf8' });
      for (const command of heavy) expect(stdout).toContain(`left out, by --leave-out '${command}'`);
      expect(stdout).toMatch(/The contract is that of release|breaks no consumer of release/);
      expect(stdout).toMatch(
        new RegExp(`^${name}: \\d+ steps, 1 passed, 0 run before, \\d+ left out, \\d+ not run here$`, 'm'),
      );
      expect(status).toBe(0);
    },
    180_000,
  );
});

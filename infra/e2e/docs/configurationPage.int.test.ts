import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readConfig as commandApi } from '@ums/command-api/config';
import { ConfigFault, type Environment } from '@ums/kit/env';
import { readConfig as notary } from '@ums/notary/config';
import { readConfig as notifier } from '@ums/notifier/config';
import { readConfig as projector } from '@ums/projector/config';
import { readConfig as queryApi } from '@ums/query-api/config';
import { runCommands } from '../test/runCommands.js';
import { commandsFor, textOf } from './handbook.js';

const PAGE = 'docs/configuration.md';
const [faulty = '', secrets = ''] = commandsFor(PAGE, 'infra/e2e/docs/configurationPage.int.test.ts');
const READERS: Record<string, (env: Environment) => object> = {
  'command-api': commandApi,
  projector: (env) => projector({ ...env }),
  notifier: (env) => notifier({ ...env }),
  notary: (env) => notary({ ...env }),
  'query-api': (env) => queryApi({ ...env }),
};
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ums-secrets-'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

/** The settings with which a service reads each of its secrets from a file of the folder. */
const secretFiles = (service: string): Record<string, string> => {
  const rows = textOf(PAGE)
    .split('\n')
    .filter((line) => /^\| `[A-Z_]+` \| .*\|/.test(line));
  const names = rows.flatMap((row) => {
    const [, name = '', holders = ''] = row.split('|').map((cell) => cell.trim());
    return holders.split(', ').includes(service) ? [name.replaceAll('`', '')] : [];
  });
  return Object.fromEntries(names.map((name) => [`${name}_FILE`, join(cwd, 'secrets', name)]));
};

it('K-01 a process names all faults of its settings in the words that the page quotes', async () => {
  const { code, printed } = await runCommands(faulty);
  expect(code).toBe(1);
  expect(textOf(PAGE)).toContain(`\`\`\`text\n${printed.trim()}\n\`\`\``);
});

it('K-01 the secrets that the page makes are those that each service accepts, and no service needs another one', async () => {
  expect(await runCommands(secrets, { cwd })).toEqual({ code: 0, printed: '' });
  for (const [service, read] of Object.entries(READERS)) {
    const files = secretFiles(service);
    expect(Object.keys(files)).not.toEqual([]);
    let faults: readonly string[] = [];
    try {
      read(files);
    } catch (error) {
      if (!(error instanceof ConfigFault)) throw error;
      faults = error.faults;
    }
    // What is left are the places of engines and checkpoints, the sender of mails and the public keys.
    const others =
      /^((EVENTSTORE_URL|DATABASE_URL|VAULT_DATABASE_URL|S3_BUCKET|PUBLIC_URL|MAIL_FROM|ACCESS_TOKEN_JWKS) is missing$|CHECKPOINT_DIR or )/;
    expect({ service, faults: faults.filter((fault) => !others.test(fault)) }).toEqual({ service, faults: [] });
  }
});

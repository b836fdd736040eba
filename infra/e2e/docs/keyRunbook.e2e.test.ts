import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { newSecrets } from '@ums/embedded/dataFolder/secrets';
import { execute } from '../../embedded/test/postgres.js';
import { temporaryFolder } from '../../engines/test/atEndOfFile.js';
import { changeSecrets, createDataFolder } from '../../faults/test/dataFolders.js';
import { expectToStart, refusalOf } from '../../faults/test/startService.js';
import { startWholeService } from '../test/startWholeService.js';
import { textOf } from './handbook.js';

const PAGE = 'docs/runbooks/key-lost.md';
let DATA_DIR: string;
beforeAll(async () => {
  DATA_DIR = await createDataFolder(join(await temporaryFolder('ums-key-'), 'data'));
}, 300_000);

const use = (name: 'MASTER_KEY' | 'REFRESH_TOKEN_KEY', secret: string) =>
  changeSecrets(DATA_DIR, (secrets) => ({ ...secrets, [name]: secret }));

it('K-01 a wrong MASTER_KEY is refused with the sentence that the runbook quotes', async () => {
  let right = '';
  await changeSecrets(DATA_DIR, (secrets) => {
    right = secrets.MASTER_KEY ?? '';
    return { ...secrets, MASTER_KEY: newSecrets().MASTER_KEY };
  });
  const refusal = await refusalOf({ DATA_DIR });
  expect(textOf(PAGE)).toContain(`\`\`\`text\n${refusal}\n\`\`\``);
  await use('MASTER_KEY', right);
});

it('K-01 a lost REFRESH_TOKEN_KEY is replaced once the statement of the runbook has run', async () => {
  const [, statement = ''] = /```sql\n([\s\S]*?)```/.exec(textOf(PAGE)) ?? [];
  expect(statement).toContain('REFRESH_TOKEN_KEY');
  const service = await startWholeService(DATA_DIR);
  await execute(service.vault, statement);
  expect(await service.process.end('SIGTERM')).toBe(0);
  await use('REFRESH_TOKEN_KEY', newSecrets().REFRESH_TOKEN_KEY);
  await expectToStart({ DATA_DIR });
}, 300_000);

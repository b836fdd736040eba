import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { appoint } from '@ums/commands/admin/appoint';
import { atEndOfFile, temporaryFolder } from '../engines/test/atEndOfFile.js';
import { apiClient } from './test/apiClient.js';
import { expectNoTraces } from './test/canary/expectNoTraces.js';
import { registerCanary } from './test/canary/registerCanary.js';
import { spawnProgram } from './test/spawnProgram.js';
import { startWholeService, type WholeService } from './test/startWholeService.js';

let service: WholeService;

beforeAll(async () => {
  service = await startWholeService(join(await temporaryFolder('ums-canary-'), 'data'));
  atEndOfFile(() => service.process.end('SIGTERM'));
}, 300_000);

describe('npm run forget', () => {
  it('G-03 leaves no name, address, hash or key of an erased user in any file of the data folder', async () => {
    const { api, inbox, dataDir, sources } = service;
    const appointed = (email: string) => appoint([email], { DATA_DIR: dataDir });
    const environment = { client: await apiClient(api), inbox, publicUrl: api, appoint: appointed };
    await expectNoTraces(await registerCanary(environment, sources), service, {
      forget: async () => {
        const forget = spawnProgram('infra/commands/dist/forget/main.js', { DATA_DIR: dataDir });
        expect([await forget.ended, forget.output()]).toEqual([
          0,
          { out: 'Deleted rows have been removed from the disk.\n', err: '' },
        ]);
      },
      end: async () => expect(await service.process.end('SIGTERM')).toBe(0),
    });
    // Every file of the folder is searched three times.
  }, 420_000);
});

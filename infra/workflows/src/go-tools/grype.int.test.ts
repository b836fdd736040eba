import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { installGoProgram } from '@ums/engines/install/installGoProgram';
import { temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { ENGINE_START_TIMEOUT_MS } from '../../../engines/test/engineForTests.js';
import { describeOnGo } from '../../test/describeOnGo.js';
import { GRYPE } from './goTools.js';

describeOnGo(GRYPE, 'grype', () => {
  let program: string;
  beforeAll(async () => {
    program = await installGoProgram(GRYPE);
  }, ENGINE_START_TIMEOUT_MS);

  it('starts, and fails instead of passing where it has no database of vulnerabilities', async () => {
    const folder = await temporaryFolder('ums-grype-');
    const bill = join(folder, 'sbom.json');
    await writeFile(bill, JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, components: [] }));
    const env = { PATH: process.env.PATH, HOME: folder, GRYPE_DB_AUTO_UPDATE: 'false', GRYPE_DB_CACHE_DIR: folder };
    const { failed, text } = await new Promise<{ failed: boolean; text: string }>((resolve) => {
      execFile(program, [`sbom:${bill}`, '--only-fixed', '--fail-on', 'high'], { env }, (error, stdout, stderr) =>
        resolve({ failed: error !== null, text: stdout + stderr }),
      );
    });
    expect([failed, text]).toEqual([true, expect.stringContaining('database does not exist')]);
  });
});

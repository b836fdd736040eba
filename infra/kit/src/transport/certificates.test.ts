import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testCertificates } from '../../test/testCertificates.js';
import { eventLogUrl } from '../event-log/eventLogUrl.js';
import { databaseUrl } from '../postgres/databaseUrl.js';
import { certificates } from './certificates.js';

let folder: string;
let good: string;
let text: string;
let broken: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-certificates-'));
  const { ca, caFile } = await testCertificates(folder);
  text = ca;
  good = caFile;
  broken = join(folder, 'broken.pem');
  await writeFile(broken, '-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a file of certificates', () => {
  it('K-04 is read at the start', () => {
    expect(certificates().read('CA_FILE', { CA_FILE: good })).toBe(text);
  });

  it('K-04 stops the start when it cannot be read or holds no certificate', () => {
    const readers = [
      (path: string) => certificates().read('CA_FILE', { CA_FILE: path }),
      (path: string) =>
        databaseUrl().read('URL', { URL: `postgres://db/users?sslrootcert=${encodeURIComponent(path)}` }),
      (path: string) => eventLogUrl().read('URL', { URL: `esdb://u:p@log?tlsCAFile=${encodeURIComponent(path)}` }),
    ];
    for (const read of readers) {
      expect(() => read(good)).not.toThrow();
      expect(() => read(join(folder, 'absent.pem'))).toThrow(/^names a file of certificates that cannot be read$/);
      expect(() => read(broken)).toThrow(/^names a file that does not begin with a certificate in PEM$/);
    }
    expect(() => eventLogUrl().read('URL', { URL: 'esdb://u:p@log?tlsCAFile=%zz' })).toThrow(/cannot be read$/);
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { testDatabase } from '../../../embedded/test/postgres.js';
import { securePostgres } from '../../../embedded/test/securePostgres.js';
import { atEndOfFile, temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { type TestCertificates, testCertificates } from '../../test/testCertificates.js';
import { silentLog } from '../log.js';
import { awaitTables } from './awaitTables.js';
import { databaseUrl } from './databaseUrl.js';
import { isUnavailable } from './errors.js';
import { migrate } from './migrate.js';
import { createPool } from './pool.js';

let certificates: TestCertificates;
let others: TestCertificates;
let server: URL;
const pools: pg.Pool[] = [];

beforeAll(async () => {
  const folder = await temporaryFolder('ums-tls-');
  certificates = await testCertificates(folder, 'DNS:localhost');
  others = await testCertificates(await temporaryFolder('ums-tls-'));
  const postgres = await securePostgres(folder, certificates);
  atEndOfFile(postgres.close);
  server = new URL(postgres.url('postgres'));
}, 180_000);

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.end();
});

/** The URL of an operator, as the reader of the setting accepts it where TLS is required. */
const urlOf = (host: string, caFile: string): string => {
  const url = new URL(server);
  url.hostname = host;
  url.search = String(new URLSearchParams({ sslmode: 'verify-full', sslrootcert: caFile }));
  return databaseUrl().read('DATABASE_URL', { DATABASE_URL: url.href, REQUIRE_TLS: 'true' });
};
const isEncrypted = async (host: string, caFile: string): Promise<boolean> => {
  const options = { url: urlOf(host, caFile), applicationName: 'test', log: silentLog };
  const pool = createPool({ ...options, connectTimeoutMs: PATIENT_MS });
  pools.push(pool);
  const { rows } = await pool.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
  return rows[0]?.ssl === true;
};
const refusal = (host: string, caFile: string): Promise<unknown> =>
  isEncrypted(host, caFile).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a Postgres with TLS, whose URL says verify-full', () => {
  it('K-04 is used when the own authority signed its certificate for the name of the host', async () => {
    expect(await isEncrypted('localhost', certificates.caFile)).toBe(true);
    const dir = await temporaryFolder('ums-migrations-');
    await writeFile(join(dir, '0001_kept.sql'), 'create table kept (n int);');
    await migrate({ url: urlOf('localhost', certificates.caFile), dir, log: silentLog });
  });

  it('K-04 is refused when another authority signed its certificate, as a dependency that is down', async () => {
    const error = await refusal('localhost', others.caFile);
    expect(error).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    expect(isUnavailable(error)).toBe(true);
  });

  it('K-04 is refused under a name that its certificate does not have', async () => {
    const error = await refusal('127.0.0.1', certificates.caFile);
    expect(error).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(isUnavailable(error)).toBe(true);
  });

  it('K-04 is named as the reason why the tables of another service cannot be awaited, at once', async () => {
    const options = { applicationName: 'test', log: silentLog, connectTimeoutMs: PATIENT_MS };
    const pool = createPool({ ...options, url: urlOf('localhost', others.caFile) });
    pools.push(pool);
    await expect(awaitTables(pool, ['late'], { owner: 'command-api' })).rejects.toThrow(
      'The database of command-api cannot be reached (UNABLE_TO_VERIFY_LEAF_SIGNATURE).',
    );
    const database = await testDatabase('plain');
    const plain = createPool({ ...options, url: `${database.url}?sslmode=verify-full` });
    pools.push(plain);
    await expect(awaitTables(plain, ['late'], { owner: 'command-api', timeoutMs: 1 })).rejects.toThrow(
      'cannot be reached (the server has no TLS).',
    );
  });

  it('K-04 is named, with its host, as the reason why migrations cannot begin', async () => {
    const url = urlOf('localhost', others.caFile);
    const { pathname, host } = new URL(url);
    await expect(migrate({ url, dir: '', log: silentLog })).rejects.toThrow(
      `The database ${pathname.slice(1)} at ${host} cannot be reached (UNABLE_TO_VERIFY_LEAF_SIGNATURE).`,
    );
  });

  it('K-04 is refused when it has no TLS', async () => {
    const database = await testDatabase('plain');
    const pool = createPool({ url: `${database.url}?sslmode=verify-full`, applicationName: 'test', log: silentLog });
    const error = await pool.query('select 1').catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('does not support SSL');
    expect(isUnavailable(error)).toBe(true);
    await pool.end();
    await database.drop();
  });
});

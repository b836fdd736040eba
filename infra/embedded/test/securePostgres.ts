import { join } from 'node:path';
import { type PostgresEngine, startPostgres } from '../src/postgres/startPostgres.js';

/**
 * Starts a Postgres of its own that also takes TLS, in a folder that has the files of its certificate.
 * @returns it; the caller closes it.
 */
export const securePostgres = (
  folder: string,
  { certificateFile, keyFile }: { certificateFile: string; keyFile: string },
): Promise<PostgresEngine> =>
  startPostgres({
    dataDir: join(folder, 'postgres'),
    fsync: false,
    settings: { ssl: 'on', ssl_cert_file: certificateFile, ssl_key_file: keyFile },
  });

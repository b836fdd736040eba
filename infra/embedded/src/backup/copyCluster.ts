import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { EngineFailed } from '../engineFailed.js';
import { BACKUP_SLOT } from '../forget/dropOldWal.js';
import { withConnection } from '../postgres/withConnection.js';
import { copyFolder, keepOwner } from './copyFolder.js';

/** The files below these belong to the running server, and a server that starts makes them anew. */
const EMPTIED = /^(pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/./;
/** Of the running server: its pid, its socket, temporary files. */
const OF_SERVER = /(^|\/)(postmaster\.(pid|opts)|\.s\.PGSQL\.[^/]*|backup_label(\.old)?|pgsql_tmp[^/]*)$/;
const SEGMENT = /^[0-9A-F]{24}$/;
const CONTROL = join('global', 'pg_control');

/**
 * Copies the data folder of a running Postgres with its low-level backup API, as pg_basebackup does, which the embedded Postgres
 * does not have. The copy holds all databases as they were at one moment near the end; a server that starts on it recovers it by
 * itself. Transactions go on meanwhile.
 *
 * @param url of a superuser
 * @param dataDir of the server
 * @param to must not exist
 * @throws EngineFailed, or the error of Postgres or of the file system; the copy is not usable then.
 */
export const copyCluster = (url: string, dataDir: string, to: string): Promise<void> =>
  withConnection(url, async (client) => {
    // The slot keeps the segments of WAL that the copy needs. It ends with the connection.
    await client
      .query('select pg_create_physical_replication_slot($1, true, true)', [BACKUP_SLOT])
      .catch(refuseSecondBackup);
    const begun = await client.query<{ segment: string }>(
      `select pg_walfile_name(pg_backup_start('backup', true)) as segment`,
    );
    await copyFolder(dataDir, to, {
      isLeftOut: (path) => path === 'pg_wal' || EMPTIED.test(path) || OF_SERVER.test(path),
    });
    await writeFile(join(to, CONTROL), await unchanging(join(dataDir, CONTROL)));
    // Does not wait for an archive: the segments are copied below.
    const ended = await client.query<{ segment: string; label: string }>(
      `select pg_walfile_name(lsn) as segment, labelfile as label from pg_backup_stop(false)`,
    );
    const [first, last] = [begun.rows[0]?.segment ?? '', ended.rows[0]?.segment ?? ''];
    const copied = join(to, 'pg_wal');
    await copyFolder(join(dataDir, 'pg_wal'), copied, {
      isLeftOut: (name) => !SEGMENT.test(name) || name < first || name > last,
    });
    const segments = await readdir(copied);
    if (!segments.includes(first) || !segments.includes(last))
      throw new EngineFailed('The backup is not complete: Postgres has deleted write-ahead log that it needs.');
    const label = join(to, 'backup_label');
    await writeFile(label, ended.rows[0]?.label ?? '', { mode: 0o600, flush: true });
    await keepOwner(label, await stat(dataDir));
  });

const DUPLICATE_OBJECT = '42710';

const refuseSecondBackup = (error: unknown): never => {
  if (codeOf(error) !== DUPLICATE_OBJECT) throw error;
  throw new EngineFailed('Another backup is being made; wait for its end.', { cause: error });
};

/** A read may see half of a write, and the server checks a sum over the file. */
const unchanging = async (path: string): Promise<Buffer> => {
  for (let before = await readFile(path); ; ) {
    const now = await readFile(path);
    if (now.equals(before)) return now;
    before = now;
  }
};

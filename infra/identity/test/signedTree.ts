import { isProvable, leafHash } from '@ums/contracts/proof/leaf';
import { appendLeaves, EMPTY_EDGE } from '@ums/contracts/tree/appendLeaves';
import { rootAt } from '@ums/contracts/tree/proofs';
import { tileReader } from '@ums/identity/proof/notaryTables';
import type pg from 'pg';
import { patientEventLog } from '../../kit/test/patientEventLog.js';

/** An event log, and a database with the tables of the notary. */
export interface UnsignedLog {
  read: pg.Pool;
  eventLogUrl: string;
}

/**
 * Puts every event of the log into the tables of the notary, as it does, and a checkpoint that no key has signed.
 *
 * @param size of the checkpoint. @default the whole tree
 * @returns the ids of the events in the tree, and the root of the checkpoint
 */
export const signTree = async ({ read, eventLogUrl }: UnsignedLog, size?: number) => {
  const eventLog = patientEventLog(eventLogUrl);
  const events = (await eventLog.readAll(undefined, 10_000)).filter(isProvable);
  await eventLog.close();
  await read.query('truncate notary.tile, notary.leaf, notary.checkpoint');
  const { changed } = appendLeaves(EMPTY_EDGE, events.map(leafHash));
  for (const { level, index, hashes } of changed)
    await read.query('insert into notary.tile values ($1, $2, $3)', [level, index, hashes]);
  await read.query(
    'insert into notary.leaf select id, number - 1 from unnest($1::uuid[]) with ordinality as leaf (id, number)',
    [events.map(({ id }) => id)],
  );
  const signed = size ?? events.length;
  const root = await rootAt(
    tileReader(async ({ values, ...statement }) => (await read.query({ ...statement, values: [...values] })).rows),
    signed,
  );
  const note = `origin\n${signed}\n${root.toString('base64')}\n\n— origin c2lnbmF0dXJl\n`;
  await read.query('insert into notary.checkpoint (size, root, note) values ($1, $2, $3)', [signed, root, note]);
  return { ids: events.map(({ id }) => id), root, note };
};

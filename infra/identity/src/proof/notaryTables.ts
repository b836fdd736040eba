import type { TileReader } from '@ums/contracts/tree/tile';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { Refused } from '@ums/kit/refused';
import { noteWait } from '@ums/kit/wait';

/** The tables of the notary that this service reads. */
export const NOTARY_TABLES = ['notary.tile', 'notary.leaf', 'notary.checkpoint', 'notary.verifier_key'];

/** A signed tree. */
export interface SignedTree {
  size: number;
  /** Signed note. */
  note: string;
}

/** The notary signs within a minute of a change. */
const RETRY_SECONDS = 60;
const NOT_SIGNED = { dependency: 'notary', limit: 'not signed yet', waitedMs: 0 };

export const notSignedYet = (): Refused =>
  noteWait(new Refused('not-signed-yet', { retryAfterSeconds: RETRY_SECONDS }), NOT_SIGNED);

/** The latest checkpoint. @throws Refused `not-signed-yet` before the first one; DependencyUnavailable */
export const latestCheckpoint = async (read: Query): Promise<SignedTree> => {
  const [row] = await read<{ size: string; note: string }>({
    name: 'latest-checkpoint',
    text: 'select size, note from notary.checkpoint order by size desc, id desc limit 1',
    values: [],
  });
  if (row === undefined) throw notSignedYet();
  return { size: Number(row.size), note: row.note };
};

/** The index of the leaf of an event, and the latest checkpoint, if there are. @throws DependencyUnavailable */
export const findLeaf = async (
  read: Query,
  eventId: string,
): Promise<{ index: number | undefined; tree: SignedTree | undefined }> => {
  const [row] = await read<{ leaf_index: string; size: string | null; note: string | null }>({
    name: 'find-leaf-and-checkpoint',
    text: `select leaf.leaf_index, checkpoint.size, checkpoint.note from notary.leaf
           left join lateral (select size, note from notary.checkpoint order by size desc, id desc limit 1) as checkpoint
             on true
           where leaf.event_id = $1`,
    values: [eventId],
  });
  const { leaf_index, size = null, note = null } = row ?? {};
  return {
    index: leaf_index === undefined ? undefined : Number(leaf_index),
    tree: size === null || note === null ? undefined : { size: Number(size), note },
  };
};

/** Reads tiles with one statement. @throws DependencyUnavailable */
export const tileReader =
  (read: Query): TileReader =>
  async (ids) => {
    const rows = await read<{ hashes: Buffer | null }>({
      name: 'read-tiles',
      text: `select tile.hashes from unnest($1::smallint[], $2::bigint[]) with ordinality as wanted (level, index, place)
             left join notary.tile using (level, index) order by wanted.place`,
      values: [ids.map(({ level }) => level), ids.map(({ index }) => index)],
    });
    return rows.map(({ hashes }) => hashes ?? undefined);
  };

/** The indexes of the leaves of events, by event id; events that are not in the tree yet are left out. @throws DependencyUnavailable */
export const leafIndexes = async (read: Query, eventIds: readonly string[]): Promise<Map<string, number>> => {
  const rows = await read<{ event_id: string; leaf_index: string }>({
    name: 'find-leaves',
    text: 'select event_id, leaf_index from notary.leaf where event_id = any($1::uuid[])',
    values: [eventIds],
  });
  return new Map(rows.map((row) => [row.event_id, Number(row.leaf_index)]));
};

/** The public keys of the notary as C2SP verifier keys, one a line. @throws DependencyUnavailable */
export const verifierKeys = async (read: Query): Promise<string> => {
  const rows = await read<{ line: string }>({
    name: 'read-verifier-keys',
    text: 'select line from notary.verifier_key order by place',
    values: [],
  });
  return rows.map(({ line }) => `${line}\n`).join('');
};

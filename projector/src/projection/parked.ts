import type { Transaction } from '@ums/kit/postgres/transaction';

/** Where and why folding a key failed. Holds no event content. */
export interface Failure {
  position: bigint;
  reason: string;
}

/** More keys failed within a minute than single faulty events explain: the build or its secrets are probably wrong. */
export class ProjectionStopped extends Error {
  override readonly name = 'ProjectionStopped';

  constructor() {
    super('too many keys failed within a minute');
  }
}

/** One more parked key within the same minute stops the projection. */
const MAX_PARKED_PER_MINUTE = 10;

/** Parks keys. @throws ProjectionStopped above {@link MAX_PARKED_PER_MINUTE}; the batch is then not committed. */
export const park = async (
  tx: Transaction,
  projection: string,
  failures: ReadonlyMap<string, Failure>,
): Promise<void> => {
  const found = [...failures.values()];
  await tx.query({
    name: 'park-keys',
    text: `insert into read.parked (projection, key, position, reason)
           select $1, key, position, reason
           from unnest($2::uuid[], $3::numeric[], $4::text[]) as given (key, position, reason)
           on conflict (projection, key) do update set position = excluded.position, reason = excluded.reason`,
    values: [
      projection,
      [...failures.keys()],
      found.map(({ position }) => String(position)),
      found.map(({ reason }) => reason),
    ],
  });
  const { rows } = await tx.query<{ recent: number }>({
    name: 'count-recently-parked',
    text: `select count(*)::int as recent from read.parked where projection = $1 and at > now() - interval '1 minute'`,
    values: [projection],
  });
  if ((rows[0]?.recent ?? 0) > MAX_PARKED_PER_MINUTE) throw new ProjectionStopped();
};

/** Deletes the parked state of keys. The caller stores or deletes their rows in the same transaction. */
export const unpark = async (tx: Transaction, projection: string, keys: readonly string[]): Promise<void> => {
  await tx.query({
    name: 'unpark-keys',
    text: 'delete from read.parked where projection = $1 and key = any($2::uuid[])',
    values: [projection, keys],
  });
};

/** A parked key, and the position of the event that it was parked for. */
export interface ParkedKey {
  key: string;
  position: bigint;
}

/** All parked keys of a projection, longest parked first. */
export const parkedKeys = async (tx: Transaction, projection: string): Promise<ParkedKey[]> => {
  const { rows } = await tx.query<{ key: string; position: string }>({
    name: 'list-parked-keys',
    text: 'select key, position from read.parked where projection = $1 order by at',
    values: [projection],
  });
  return rows.map(({ key, position }) => ({ key, position: BigInt(position) }));
};

import type { Transaction } from '@ums/kit/postgres/transaction';

/** Where and why folding a key failed. Holds no event content. */
export interface Failure {
  position: bigint;
  reason: string;
}

/**
 * Why a key is parked in a copy that has not reached the erasure of its user: until then, nothing of the user may be stored in it
 * again. No failure.
 */
const ERASED = 'erased';

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
    text: `select count(*)::int as recent from read.parked where projection = $1 and at > now() - interval '1 minute'
           and reason <> $2`,
    values: [projection, ERASED],
  });
  if ((rows[0]?.recent ?? 0) > MAX_PARKED_PER_MINUTE) throw new ProjectionStopped();
};

/** Parks the keys of erased users in a copy, by the positions of their erasures, which end that. */
export const parkErased = async (
  tx: Transaction,
  copy: string,
  erasures: ReadonlyMap<string, bigint>,
): Promise<void> => {
  await tx.query({
    name: 'park-erased-keys',
    text: `insert into read.parked (projection, key, position, reason)
           select $1, key, position, $4 from unnest($2::uuid[], $3::numeric[]) as given (key, position)
           on conflict (projection, key) do update set position = excluded.position, reason = excluded.reason`,
    values: [copy, [...erasures.keys()], [...erasures.values()].map(String), ERASED],
  });
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

/** All keys of a projection that are parked because of a failure, longest parked first. */
export const parkedKeys = async (tx: Transaction, projection: string): Promise<ParkedKey[]> => {
  const { rows } = await tx.query<{ key: string; position: string }>({
    name: 'list-parked-keys',
    text: 'select key, position from read.parked where projection = $1 and reason <> $2 order by at',
    values: [projection, ERASED],
  });
  return rows.map(({ key, position }) => ({ key, position: BigInt(position) }));
};

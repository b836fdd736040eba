import type { Transaction } from '@ums/kit/postgres/transaction';

/** Where and why a key could not be folded further. No content. */
export interface Failure {
  position: bigint;
  reason: string;
}

/** More keys failed within a minute than single faults explain: something is wrong with this build or its secrets. */
export class ProjectionStopped extends Error {
  override readonly name = 'ProjectionStopped';

  constructor() {
    super('too many keys failed within a minute');
  }
}

/** Keys parked within a minute at most: one more stops the projection. */
export const MOST_PARKED_A_MINUTE = 10;

/** Parks keys. @throws ProjectionStopped when that makes too many within a minute: the batch is then not committed. */
export const park = async (
  tx: Transaction,
  projection: string,
  failures: ReadonlyMap<string, Failure>,
): Promise<void> => {
  const found = [...failures.values()];
  await tx.query(
    `insert into read.parked (projection, key, position, reason)
     select $1, key, position, reason from unnest($2::uuid[], $3::numeric[], $4::text[]) as given (key, position, reason)
     on conflict (projection, key) do update set position = excluded.position, reason = excluded.reason`,
    [
      projection,
      [...failures.keys()],
      found.map(({ position }) => String(position)),
      found.map(({ reason }) => reason),
    ],
  );
  const { rows } = await tx.query<{ lately: number }>(
    `select count(*)::int as lately from read.parked where projection = $1 and at > now() - interval '1 minute'`,
    [projection],
  );
  if ((rows[0]?.lately ?? 0) > MOST_PARKED_A_MINUTE) throw new ProjectionStopped();
};

export const unpark = async (tx: Transaction, projection: string, keys: readonly string[]): Promise<void> => {
  await tx.query('delete from read.parked where projection = $1 and key = any($2::uuid[])', [projection, keys]);
};

export const parkedKeys = async (tx: Transaction, projection: string): Promise<string[]> => {
  const { rows } = await tx.query<{ key: string }>('select key from read.parked where projection = $1 order by at', [
    projection,
  ]);
  return rows.map(({ key }) => key);
};

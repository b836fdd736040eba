import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import type { Transaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';

/** Before the first event: `follow` starts at the beginning. */
export const BEFORE_ALL = -1n;

/** The checkpoint is not where this instance left it: another one moved it, or an older database came back. */
export class Superseded extends Error {
  override readonly name = 'Superseded';

  constructor(readonly projection: string) {
    super('the checkpoint was moved by somebody else');
  }
}

interface Row {
  position: string;
  event_id: string | null;
  log_id: string;
}

const toCheckpoint = ({ position, event_id: eventId, log_id: logId }: Row): Checkpoint => ({
  position: BigInt(position),
  eventId: eventId ?? undefined,
  logId,
});

/** The checkpoint of a projection; its row is made when the projection first starts. */
export const beginCheckpoint = async (pool: pg.Pool, name: string, logId: string): Promise<Checkpoint> => {
  await pool.query(
    'insert into read.checkpoint (name, position, log_id) values ($1, $2, $3) on conflict (name) do nothing',
    [name, String(BEFORE_ALL), logId],
  );
  const { rows } = await pool.query<Row>('select position, event_id, log_id from read.checkpoint where name = $1', [
    name,
  ]);
  const [row] = rows;
  if (row === undefined) throw new Superseded(name);
  return toCheckpoint(row);
};

/** The checkpoint, locked against every batch until the transaction ends. */
export const lockCheckpoint = async (tx: Transaction, name: string): Promise<Checkpoint> => {
  const { rows } = await tx.query<Row>(
    'select position, event_id, log_id from read.checkpoint where name = $1 for update',
    [name],
  );
  const [row] = rows;
  if (row === undefined) throw new Superseded(name);
  return toCheckpoint(row);
};

/**
 * Moves the checkpoint: lock, duplicate check and fence at once (F-14). First statement of a batch's transaction, so that
 * whatever it loads afterwards nobody else can change.
 *
 * @throws Superseded when it is not at `from`.
 */
export const moveCheckpoint = async (
  tx: Transaction,
  name: string,
  from: Checkpoint,
  to: Checkpoint,
  { durable }: { durable: boolean } = { durable: true },
): Promise<void> => {
  // A batch that touched no row may be lost with the server: it is read again.
  const text = durable
    ? `update read.checkpoint set position = $3, event_id = $4 where name = $1 and position = $2`
    : `with lazily as (select set_config('synchronous_commit', 'off', true))
       update read.checkpoint set position = $3, event_id = $4 from lazily where name = $1 and position = $2`;
  const { rowCount } = await tx.query({
    name: durable ? 'move checkpoint' : 'move checkpoint lazily',
    text,
    values: [name, String(from.position), String(to.position), to.eventId ?? null],
  });
  if (rowCount !== 1) throw new Superseded(name);
};

import type { Transaction } from '../postgres/transaction.js';
import { type Checkpoint, verifyCheckpoint } from './checkpoint.js';
import type { EventLog } from './eventLog.js';

/** Position of a checkpoint before the first event: `follow` starts at the beginning. */
export const BEFORE_FIRST = -1n;

/** The checkpoint is not where this instance left it: another instance moved it, or the database was restored. */
export class Superseded extends Error {
  override readonly name = 'Superseded';

  /**
   * @param expected position at which this instance left the checkpoint; `undefined` when any would do.
   * @param actual stored position; `undefined` when the row is gone.
   */
  constructor(
    readonly checkpoint: string,
    readonly expected: bigint | undefined,
    readonly actual: bigint | undefined,
  ) {
    super(`expected checkpoint ${checkpoint} at position ${expected ?? 'any'}, found ${actual ?? 'no row'}`);
  }
}

/** The stored checkpoint of one reader of the whole log. */
export interface CheckpointStore {
  /** `undefined` until the reader has begun. */
  read(tx: Transaction): Promise<Checkpoint | undefined>;
  /** As `read`, and proves that it belongs to this log. @throws StartRefused for a foreign, restored or shorter log; LogUnavailable */
  readVerified(tx: Transaction, eventLog: EventLog): Promise<Checkpoint | undefined>;
  /** Inserts the row at `BEFORE_FIRST` unless it exists, and reads it. */
  begin(tx: Transaction, logId: string): Promise<Checkpoint>;
  /** Reads the row and locks it until the transaction ends. @throws Superseded when the row is gone */
  lock(tx: Transaction): Promise<Checkpoint>;
  /**
   * Moves the checkpoint forward, never back, for readers whose work is idempotent. The commit does not wait for the
   * disk: after a crash an older checkpoint only repeats work, and the work itself precedes it in the write-ahead log.
   */
  advance(tx: Transaction, to: Checkpoint): Promise<void>;
  /**
   * Moves the checkpoint from exactly one position to another: one statement that locks, detects repeats and fences (F-14).
   *
   * @param durable `false` when the transaction writes nothing else: losing the move in a crash only repeats reading.
   * @throws Superseded when the checkpoint is not at `from`.
   */
  move(tx: Transaction, from: Checkpoint, to: Checkpoint, durable?: boolean): Promise<void>;
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

/**
 * @param table has the columns `name`, `position`, `event_id` and `log_id`. A constant of the caller, never input.
 * @param name of the reader: the key of its row.
 */
export const checkpointStore = (table: string, name: string): CheckpointStore => {
  const selectByName = `select position, event_id, log_id from ${table} where name = $1`;
  const unflushed = `(select set_config('synchronous_commit', 'off', true)) as unflushed`;

  const select = async (tx: Transaction, statement: { name: string; text: string }) => {
    const { rows } = await tx.query<Row>({ ...statement, values: [name] });
    return rows[0] && toCheckpoint(rows[0]);
  };
  const read = (tx: Transaction) => select(tx, { name: `read-${table}`, text: selectByName });
  const existing = (found: Checkpoint | undefined): Checkpoint => {
    if (found === undefined) throw new Superseded(name, undefined, undefined);
    return found;
  };

  return {
    read,
    readVerified: async (tx, eventLog) => {
      const checkpoint = await read(tx);
      if (checkpoint !== undefined) await verifyCheckpoint(eventLog, checkpoint);
      return checkpoint;
    },
    begin: async (tx, logId) => {
      // An insert waits for a transaction that has changed the row, even if it then does nothing. The instance behind it may be
      // frozen, so the row is read first.
      const found = await read(tx);
      if (found !== undefined) return found;
      await tx.query({
        name: `insert-${table}`,
        text: `insert into ${table} (name, position, log_id) values ($1, $2, $3) on conflict (name) do nothing`,
        values: [name, String(BEFORE_FIRST), logId],
      });
      return existing(await read(tx));
    },
    lock: async (tx) => existing(await select(tx, { name: `lock-${table}`, text: `${selectByName} for update` })),
    advance: async (tx, { position, eventId, logId }) => {
      await tx.query({
        name: `advance-${table}`,
        text: `insert into ${table} as stored (name, position, event_id, log_id)
               select $1, $2, $3, $4 from ${unflushed}
               on conflict (name) do update set position = excluded.position, event_id = excluded.event_id
               where stored.position < excluded.position and stored.log_id = excluded.log_id`,
        values: [name, String(position), eventId ?? null, logId],
      });
    },
    move: async (tx, from, to, durable = true) => {
      const { rowCount } = await tx.query({
        name: durable ? `move-${table}` : `move-${table}-unflushed`,
        text: `update ${table} set position = $3, event_id = $4${durable ? '' : ` from ${unflushed}`}
               where name = $1 and position = $2`,
        values: [name, String(from.position), String(to.position), to.eventId ?? null],
      });
      if (rowCount !== 1) throw new Superseded(name, from.position, (await read(tx))?.position);
    },
  };
};

import type { Transaction } from '../postgres/transaction.js';
import { type Checkpoint, proveCheckpoint } from './checkpoint.js';
import type { EventLog } from './eventLog.js';

/** Before the first event: `follow` starts at the beginning. */
export const BEFORE_ALL = -1n;

/** The checkpoint is not where this instance left it: another one moved it, or an older database was restored. */
export class Superseded extends Error {
  override readonly name = 'Superseded';

  constructor(readonly checkpoint: string) {
    super(`the checkpoint ${checkpoint} was moved by another instance`);
  }
}

/** The stored checkpoint of one reader of the whole log. */
export interface CheckpointStore {
  /** `undefined` until the reader has begun. */
  read(tx: Transaction): Promise<Checkpoint | undefined>;
  /** As `read`, proved to be of this log. @throws StartRefused for a foreign, restored or shorter log; LogUnavailable */
  readProved(tx: Transaction, eventLog: EventLog): Promise<Checkpoint | undefined>;
  /** Inserts the row at `BEFORE_ALL` unless it exists, and reads it. */
  begin(tx: Transaction, logId: string): Promise<Checkpoint>;
  /** Reads the row and locks it until the transaction ends. @throws Superseded when it is gone */
  lock(tx: Transaction): Promise<Checkpoint>;
  /**
   * Moves forward, never back, for readers whose work is idempotent. Committed without waiting for the disk: the work it
   * vouches for stands before it in the write-ahead log, and after a crash it is done again.
   */
  advance(tx: Transaction, to: Checkpoint): Promise<void>;
  /**
   * Moves from exactly one position to another: lock, duplicate check and fence in one statement (F-14).
   *
   * @param durable false where the transaction writes nothing else: losing it with the server only repeats the reading.
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
 * @param table with the columns `name`, `position`, `event_id`, `log_id`: a name of ours, never input.
 * @param name of the reader: its row.
 */
export const checkpointStore = (table: string, name: string): CheckpointStore => {
  const select = `select position, event_id, log_id from ${table} where name = $1`;
  const unflushed = `(select set_config('synchronous_commit', 'off', true)) as unflushed`;

  const find = async (tx: Transaction, text: string): Promise<Checkpoint | undefined> => {
    const { rows } = await tx.query<Row>({
      name: text.endsWith('update') ? `lock ${table}` : `read ${table}`,
      text,
      values: [name],
    });
    return rows[0] && toCheckpoint(rows[0]);
  };
  const existing = (found: Checkpoint | undefined): Checkpoint => {
    if (found === undefined) throw new Superseded(name);
    return found;
  };

  return {
    read: (tx) => find(tx, select),
    readProved: async (tx, eventLog) => {
      const checkpoint = await find(tx, select);
      if (checkpoint !== undefined) await proveCheckpoint(eventLog, checkpoint);
      return checkpoint;
    },
    begin: async (tx, logId) => {
      const sql = `insert into ${table} (name, position, log_id) values ($1, $2, $3) on conflict (name) do nothing`;
      await tx.query(sql, [name, String(BEFORE_ALL), logId]);
      return existing(await find(tx, select));
    },
    lock: async (tx) => existing(await find(tx, `${select} for update`)),
    advance: async (tx, { position, eventId, logId }) => {
      await tx.query({
        name: `advance ${table}`,
        text: `insert into ${table} as stored (name, position, event_id, log_id)
               select $1, $2, $3, $4 from ${unflushed}
               on conflict (name) do update set position = excluded.position, event_id = excluded.event_id
               where stored.position < excluded.position and stored.log_id = excluded.log_id`,
        values: [name, String(position), eventId ?? null, logId],
      });
    },
    move: async (tx, from, to, durable = true) => {
      const { rowCount } = await tx.query({
        name: durable ? `move ${table}` : `move ${table} unflushed`,
        text: `update ${table} set position = $3, event_id = $4${durable ? '' : ` from ${unflushed}`}
               where name = $1 and position = $2`,
        values: [name, String(from.position), String(to.position), to.eventId ?? null],
      });
      if (rowCount !== 1) throw new Superseded(name);
    },
  };
};

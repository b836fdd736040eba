import { codeOf, isDataError } from '@ums/kit/postgres/errors';
import type { Transaction } from '@ums/kit/postgres/transaction';
import type { Failure } from './parked.js';
import { type FoldedRow, upsertRows, type WrittenTable } from './rowTable.js';

/** Writes rows in one statement. @throws an error with a SQLSTATE of class 22 or 23 when Postgres rejects any of the rows. */
export const saveAtOnce = async <Row>(
  tx: Transaction,
  table: WrittenTable<Row>,
  rows: ReadonlyMap<string, FoldedRow<Row>>,
): Promise<Map<string, Failure>> => {
  if (rows.size > 0) await upsertRows(tx, table, rows);
  return new Map();
};

/**
 * Writes rows some of which Postgres rejects. Halves the set until each rejected row is alone, within the transaction of the
 * batch.
 *
 * @returns the rejected rows.
 */
export const saveBisected = async <Row>(
  tx: Transaction,
  table: WrittenTable<Row>,
  rows: ReadonlyMap<string, FoldedRow<Row>>,
): Promise<Map<string, Failure>> => {
  if (rows.size === 0) return new Map();
  await tx.query('savepoint part');
  try {
    await upsertRows(tx, table, rows);
    await tx.query('release savepoint part');
    return new Map();
  } catch (error) {
    if (!isDataError(error)) throw error;
    await tx.query('rollback to savepoint part');
    const entries = [...rows];
    const [first] = entries;
    if (entries.length === 1 && first !== undefined)
      return new Map([[first[0], { position: first[1].position, reason: `sql ${codeOf(error)}` }]]);
    const middle = entries.length >> 1;
    return new Map([
      ...(await saveBisected(tx, table, new Map(entries.slice(0, middle)))),
      ...(await saveBisected(tx, table, new Map(entries.slice(middle)))),
    ]);
  }
};

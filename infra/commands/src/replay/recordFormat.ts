import { csvLine } from '@ums/query-api/audit/csvLine';
import { printable } from './printable.js';
import type { ReplayFormat } from './replayOrder.js';

/** A form in which records are printed, one line each. */
export interface RecordFormat<R> {
  /** Printed before the first record. */
  head: string;
  line(record: R): string;
}

export interface Column<R> {
  name: string;
  value(record: R): string | null;
}

export interface Columns<R> {
  csv: readonly Column<R>[];
  /** The columns that a terminal has room for, each with its width in characters. */
  table: readonly (Column<R> & { width: number })[];
}

export const recordFormat = <R>(format: ReplayFormat, { csv, table }: Columns<R>): RecordFormat<R> => {
  if (format === 'ndjson') return { head: '', line: (record) => `${JSON.stringify(record)}\n` };
  if (format === 'csv')
    return {
      head: csvLine(csv.map(({ name }) => name)),
      line: (record) => csvLine(csv.map(({ value }) => value(record) ?? '')),
    };
  const row = (texts: readonly string[]): string =>
    `${texts
      .map((text, index) => text.padEnd(table[index]?.width ?? 0))
      .join('  ')
      .trimEnd()}\n`;
  return {
    head: row(table.map(({ name }) => name)),
    line: (record) => row(table.map(({ value }) => printable(value(record) ?? '-'))),
  };
};

/** A member of a record as the value of a column; `width` is for tables. */
export const member = <R>(name: keyof R & string, width = 0): Column<R> & { width: number } => ({
  ...{ name, width },
  value: (record) => {
    const value = record[name];
    return value === null || value === undefined ? null : String(value);
  },
});

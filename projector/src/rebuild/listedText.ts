import type { ListedTables } from './listTables.js';

const MAX_EVENTS_COUNTED = 10_000;

/** The tables of projections as text: one line each, then the parked keys. Holds no content of events. */
export const listedText = (listed: readonly ListedTables[]): string => {
  const lines = listed.map(({ name, state, position, eventsBehind, rows, isEstimate, parked }) => [
    ...[name, state, String(position)],
    eventsBehind >= MAX_EVENTS_COUNTED ? `${MAX_EVENTS_COUNTED} or more` : String(eventsBehind),
    isEstimate ? `about ${rows}` : String(rows),
    String(parked.length),
  ]);
  const parked = listed.flatMap((one) =>
    one.parked.map(({ key, reason, position }) => [one.name, key, reason, String(position)]),
  );
  const tables = tableText([['projection', 'state', 'position', 'events behind', 'rows', 'parked'], ...lines]);
  if (parked.length === 0) return tables;
  return `${tables}\n\n${tableText([['parked in', 'key', 'reason', 'position'], ...parked])}`;
};

/** Lines of columns that are as wide as their longest cell. */
export const tableText = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

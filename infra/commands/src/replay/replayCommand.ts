import type { Environment } from '@ums/kit/env';
import { isOperatorError, StartRefused } from '@ums/kit/startRefused';
import { type AuditorClient, auditorClient } from './auditorClient.js';
import { EVENT_COLUMNS } from './eventColumns.js';
import { HISTORY_COLUMNS } from './historyColumns.js';
import { PROFILE_COLUMNS } from './profileColumns.js';
import { readEventParts } from './readEventParts.js';
import { readHistoryParts, readProfilePart } from './readHistoryParts.js';
import { type ReplayOrder, readReplayOrder } from './readReplayOrder.js';
import { type RecordFormat, recordFormat } from './recordFormat.js';
import type { ReplayDisplay } from './replayDisplay.js';
import { replaySettings } from './replaySettings.js';
import { type ReadParts, resumed } from './resumed.js';

/** What a replay writes to, and what ends it. */
export interface ReplayTerminal {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
  display: ReplayDisplay;
  pause(ms: number): Promise<unknown>;
  /** Ends the replay. */
  signal: AbortSignal;
}

/**
 * `npm run -s replay`: prints the history of a user, a profile as it was, or events of the feed. Reads through the query API as
 * an auditor, so each read is on record, and has no effect (Z-08).
 * @returns the sentence to print at the end.
 * @throws StartRefused with a sentence, which says how to continue, or the usage; ConfigFault, EngineFailed.
 */
export const replayCommand = async (
  args: readonly string[],
  env: Environment,
  terminal: ReplayTerminal,
): Promise<string> => {
  const order = readReplayOrder(args);
  const client = auditorClient(await replaySettings(env), terminal.signal);
  const records = await replayOrder(order, client, terminal);
  return `${counted(records)}.`;
};

const replayOrder = (order: ReplayOrder, client: AuditorClient, terminal: ReplayTerminal): Promise<number> => {
  if (order.kind === 'events')
    return print(order, readEventParts(client, order), recordFormat(order.format, EVENT_COLUMNS), terminal);
  if (order.kind === 'history')
    return print(order, readHistoryParts(client, order), recordFormat(order.format, HISTORY_COLUMNS), terminal);
  return print(order, readProfilePart(client, order), recordFormat(order.format, PROFILE_COLUMNS), terminal);
};

/** @returns the number of records. */
const print = async <R extends object>(
  order: ReplayOrder,
  read: ReadParts<R>,
  { head, line }: RecordFormat<R>,
  { write, display, pause, signal }: ReplayTerminal,
): Promise<number> => {
  const begin = order.kind === 'profile' ? undefined : order.after;
  let count = 0;
  let after = begin;
  // The output of a replay that continues is appended to that of the one before.
  let next = begin === undefined ? head : '';
  try {
    for await (const part of resumed(read, begin, pause)) {
      await write(`${next}${part.records.map(line).join('')}`);
      next = '';
      after = part.after;
      count += part.records.length;
      display.show(order, count, positionOf(part.records.at(-1)));
    }
    if (next !== '') await write(next);
    return count;
  } catch (error) {
    throw new StartRefused(`${reasonOf(error, signal)}${order.kind === 'profile' ? '' : continuation(count, after)}`);
  } finally {
    display.end();
  }
};

const positionOf = (record: object | undefined): string | undefined =>
  record !== undefined && 'position' in record ? String(record.position) : undefined;

const reasonOf = (error: unknown, signal: AbortSignal): string => {
  if (signal.aborted) return 'The replay was interrupted.';
  if (isOperatorError(error)) return error.message;
  return `The replay failed (${error instanceof Error ? error.name : 'unknown error'}).`;
};

const continuation = (count: number, after: string | undefined): string => {
  const printed = count === 0 ? 'Nothing was printed' : `${counted(count)} ${count === 1 ? 'was' : 'were'} printed`;
  return after === undefined ? ` ${printed}.` : ` ${printed}. Continue with --after ${after}`;
};

const counted = (records: number): string => (records === 1 ? '1 record' : `${records} records`);

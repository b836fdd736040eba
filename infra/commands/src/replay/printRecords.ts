import { isOperatorError, StartRefused } from '@ums/kit/startRefused';
import { counted } from './counted.js';
import type { RecordFormat } from './recordFormat.js';
import type { ReplayDisplay } from './replayDisplay.js';
import type { ReplayOrder } from './replayOrder.js';
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
 * Prints all records of a replay.
 * @returns their number. @throws StartRefused with a sentence, which says how to continue.
 */
export const printRecords = async <R extends object>(
  order: ReplayOrder,
  read: ReadParts<R>,
  { head, line }: RecordFormat<R>,
  { write, display, pause, signal }: ReplayTerminal,
): Promise<number> => {
  const begin = order.kind === 'profile' ? undefined : order.after;
  let count = 0;
  let after = begin;
  let position: string | undefined;
  // The output of a replay that continues is appended to that of the one before.
  let next = begin === undefined ? head : '';
  try {
    for await (const part of resumed(read, begin, pause)) {
      await write(`${next}${part.records.map(line).join('')}`);
      next = '';
      after = part.after;
      count += part.records.length;
      position = positionOf(part.records.at(-1)) ?? position;
      display.show(order, count, position);
    }
    if (next !== '') await write(next);
    if (count > 0 && order.kind === 'events' && order.range !== undefined) display.show(order, count, position, true);
    return count;
  } catch (error) {
    throw new StartRefused(
      `${reasonOf(error, signal)}${order.kind === 'profile' ? '' : continuation(count, count === 0 ? undefined : after)}`,
    );
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

import { open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { closers } from '@ums/kit/closers';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import type { Log } from '@ums/kit/log';
import { codeOf } from '@ums/kit/postgres/errors';
import { createPool } from '@ums/kit/postgres/pool';
import { isOperatorError, StartRefused } from '@ums/kit/startRefused';
import type { ExportConfig } from './config.js';
import { exportedLines } from './export/exportedLines.js';

/**
 * Writes the export of the log into a new file that only its owner can read: it holds no personal data in clear, but who did
 * what and when.
 *
 * @returns the sentence to print.
 * @throws StartRefused with one sentence. The file is there only where the log contradicts the tree.
 */
export const exportLog = async (path: string, config: ExportConfig, log: Log): Promise<string> => {
  const { onClose, close } = closers();
  try {
    const file = await open(path, 'wx', 0o600);
    let isWhole = false;
    // A part of an export would verify as a log that was cut.
    onClose(async () => {
      await file.close();
      if (!isWhole) await rm(path, { force: true });
    });
    const pool = createPool({ url: config.DATABASE_URL, applicationName: 'export-log', max: 1, log });
    onClose(() => pool.end());
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(() => eventLog.close());
    let events = 0;
    let expired = 0;
    let changed = 0;
    let first = '';
    const onChanged = ({ id, position }: { id: string; position: bigint }): void => {
      if (changed === 0) first = `event ${id} at position ${position}`;
      changed += 1;
    };
    const text = async function* (): AsyncGenerator<string> {
      for await (const line of exportedLines({ eventLog, pool }, onChanged)) {
        if ('index' in line) events += 1;
        if ('index' in line && !('event' in line)) expired += 1;
        yield `${JSON.stringify(line)}\n`;
      }
    };
    await pipeline(text, file.createWriteStream());
    isWhole = true;
    if (changed > 0)
      throw new StartRefused(
        `The log contradicts the notary's tree: ${changed} of ${events} events were changed, the first is ${first}. The export is in ${path}.`,
      );
    return `${events} events are in ${path}; of ${expired} of them the log holds the hash alone.`;
  } catch (error) {
    if (isOperatorError(error)) throw error;
    if (codeOf(error) === 'EEXIST')
      throw new StartRefused(`${path} exists: the export needs a new file.`, { cause: error });
    throw new StartRefused(`The export failed (${reasonOf(error)}).`, { cause: error });
  } finally {
    await close();
  }
};

/** Other messages may quote data. */
const reasonOf = (error: unknown): string => {
  if (error instanceof LogUnavailable) return error.message;
  return codeOf(error) ?? (error instanceof Error ? error.name : 'unknown error');
};

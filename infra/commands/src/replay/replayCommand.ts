import type { Environment } from '@ums/kit/env';
import { type AuditorClient, auditorClient } from './auditorClient.js';
import { counted } from './counted.js';
import { EVENT_COLUMNS } from './eventColumns.js';
import { HISTORY_COLUMNS } from './historyColumns.js';
import { printRecords, type ReplayTerminal } from './printRecords.js';
import { PROFILE_COLUMNS } from './profileColumns.js';
import { readEventParts } from './readEventParts.js';
import { readHistoryParts, readProfilePart } from './readHistoryParts.js';
import { readReplayOrder, USAGE } from './readReplayOrder.js';
import { recordFormat } from './recordFormat.js';
import type { ReplayOrder } from './replayOrder.js';
import { replaySettings } from './replaySettings.js';

/**
 * `npm run -s replay`: prints the history of a user, a profile as it was, or events of the feed. Reads through the query API as
 * an auditor, so each read is on record, and has no effect (Z-08).
 * @returns the sentence to print at the end; the usage for `--help`.
 * @throws StartRefused with a sentence, which says how to continue, or the usage; ConfigFault, EngineFailed.
 */
export const replayCommand = async (
  args: readonly string[],
  env: Environment,
  terminal: ReplayTerminal,
): Promise<string> => {
  if (args.includes('--help')) return USAGE;
  const order = readReplayOrder(args);
  const client = auditorClient(await replaySettings(env), terminal.signal);
  const records = await replayOrder(order, client, terminal);
  return `${counted(records)}.`;
};

const replayOrder = (order: ReplayOrder, client: AuditorClient, terminal: ReplayTerminal): Promise<number> => {
  if (order.kind === 'events')
    return printRecords(order, readEventParts(client, order), recordFormat(order.format, EVENT_COLUMNS), terminal);
  if (order.kind === 'history')
    return printRecords(order, readHistoryParts(client, order), recordFormat(order.format, HISTORY_COLUMNS), terminal);
  return printRecords(order, readProfilePart(client, order), recordFormat(order.format, PROFILE_COLUMNS), terminal);
};

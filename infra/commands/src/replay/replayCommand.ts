import type { Environment } from '@ums/kit/env';
import { type AuditorClient, auditorClient } from './auditorClient.js';
import { counted } from './counted.js';
import { EVENT_COLUMNS } from './eventColumns.js';
import { HISTORY_COLUMNS } from './historyColumns.js';
import { isMaskedEntry, isMaskedProfile, noting } from './maskedValues.js';
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
 * @returns the sentence to print at the end, after one of a grant that does not show the values; the usage for `--help`.
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
  let hasMasked = false;
  const records = await replayOrder(order, client, terminal, () => {
    hasMasked = true;
  });
  const isGranted = order.kind !== 'events' && order.grantId !== undefined;
  return `${isGranted && hasMasked ? `${GRANT_OPENS_NOTHING}\n` : ''}${counted(records)}.`;
};

const GRANT_OPENS_NOTHING = 'Values are masked: the grant is not open, not yours, or not for this user.';

const replayOrder = (
  order: ReplayOrder,
  client: AuditorClient,
  terminal: ReplayTerminal,
  onMasked: () => void,
): Promise<number> => {
  if (order.kind === 'events')
    return printRecords(order, readEventParts(client, order), recordFormat(order.format, EVENT_COLUMNS), terminal);
  if (order.kind === 'history') {
    const read = noting(readHistoryParts(client, order), isMaskedEntry, onMasked);
    return printRecords(order, read, recordFormat(order.format, HISTORY_COLUMNS), terminal);
  }
  const read = noting(readProfilePart(client, order), isMaskedProfile, onMasked);
  return printRecords(order, read, recordFormat(order.format, PROFILE_COLUMNS), terminal);
};

import { randomUUID } from 'node:crypto';
import { LOG_IDENTITY_STREAM } from '@ums/contracts/streams';
import { type EventLog, NO_STREAM, WrongRevision } from './eventLog.js';

/** The log's identity; `undefined` while it has none. @throws LogUnavailable */
export const readLogIdentity = async (eventLog: EventLog): Promise<string | undefined> =>
  (await eventLog.readStream(LOG_IDENTITY_STREAM))[0]?.id;

/**
 * The log's identity: the id of the only event of `log-identity`, written by the first process that starts. When several
 * start at once, one writes it and all return it.
 *
 * @throws LogUnavailable
 */
export const logIdentity = async (eventLog: EventLog): Promise<string> => {
  const found = await readLogIdentity(eventLog);
  if (found !== undefined) return found;
  const id = randomUUID();
  const metadata = { at: new Date().toISOString(), actor: { kind: 'service' } };
  try {
    await eventLog.append(LOG_IDENTITY_STREAM, [{ id, type: 'LogIdentified', data: {}, metadata }], NO_STREAM);
    return id;
  } catch (error) {
    const other = error instanceof WrongRevision ? await readLogIdentity(eventLog) : undefined;
    if (other === undefined) throw error;
    return other;
  }
};

import { randomUUID } from 'node:crypto';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';

/** Appends a wish for a mail that this version cannot compose, as a newer version may write it. @param url of the event log */
export const requestUnknownMail = async (url: string): Promise<void> => {
  const eventLog = connectEventLog({ url, log: silentLog });
  try {
    const id = randomUUID();
    const actor = { kind: 'anonymous' };
    const metadata = { $correlationId: id, $causationId: id, actor, at: new Date().toISOString() };
    const event = { id, type: 'MailRequested', data: { purpose: 'another' }, metadata };
    await eventLog.append(`mail-${id}`, [event], NO_STREAM);
  } finally {
    await eventLog.close();
  }
};

import { type ConnectedEventLog, connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { silentLog } from '@ums/kit/log';

/** Longer than a busy machine stands still, and less than the time-out of a test. */
const PATIENCE_MS = 20_000;

/** The event log for a test itself, which does not test how long a service waits for it. */
export const patientEventLog = (url: string): ConnectedEventLog =>
  connectEventLog({ url, log: silentLog, appendDeadlineMs: PATIENCE_MS, readSilenceMs: PATIENCE_MS });

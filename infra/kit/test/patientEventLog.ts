import { type ConnectedEventLog, connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { silentLog } from '@ums/kit/log';
import { PATIENT_MS } from './patientMs.js';

/** The event log for a test itself, which does not test how long a service waits for it. */
export const patientEventLog = (url: string): ConnectedEventLog =>
  connectEventLog({ url, log: silentLog, appendDeadlineMs: PATIENT_MS, readSilenceMs: PATIENT_MS });

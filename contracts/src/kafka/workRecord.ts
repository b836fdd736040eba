import type { Message } from '../messages/message.js';
import { type BrokerRecord, cloudEventHeaders } from './cloudEvent.js';
import { WORK_TOPIC } from './topics.js';

export const WORK_SOURCE = '/user-management/work';
export const WORK_TYPE = 'users.work';
export const WORK_VERSION = 1;

/** The record of the work topic for a message: its pointer. Read by `parseWorkRecord`. */
export const workRecord = ({ eventId, key, correlationId, pointer }: Message): BrokerRecord => {
  const { stream, revision, type, position } = pointer;
  const attributes = { id: eventId, type: `${WORK_TYPE}.v${WORK_VERSION}`, source: WORK_SOURCE, subject: key };
  return {
    topic: WORK_TOPIC,
    key,
    value: JSON.stringify({ stream, revision: String(revision), type, position: String(position) }),
    headers: cloudEventHeaders({ ...attributes, time: undefined, revision, position, correlationId }, true),
  };
};

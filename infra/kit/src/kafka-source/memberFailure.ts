import { isCoordinatorBusy } from '../kafka/kafkaFailure.js';
import { TopicMismatch } from '../kafka/topicFaults.js';
import { StartRefused } from '../startRefused.js';

interface KafkaJsError extends Error {
  retriable?: unknown;
  /** Name of the error code in the answer of the broker. */
  type?: unknown;
}

const rootOf = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error;

/** Locks of the client that were held for too long, and a coordinator that is not elected yet; kafkajs restarts neither. */
const TRANSIENT = new Set(['KafkaJSNumberOfRetriesExceeded', 'KafkaJSGroupCoordinatorNotFound', 'KafkaJSLockTimeout']);

const NOT_AUTHORIZED = /^[A-Z_]+_AUTHORIZATION_FAILED$/;

/** What the access lists of the broker refuse, such as `GROUP_AUTHORIZATION_FAILED`; `undefined` for any other error. */
export const refusedAccess = (error: unknown): string | undefined => {
  const { type } = (rootOf(error) ?? {}) as KafkaJsError;
  return typeof type === 'string' && NOT_AUTHORIZED.test(type) ? type : undefined;
};

/**
 * Whether a failed member must not be replaced by a new one: the log is another one, the broker refuses the group for good (another
 * protocol), or our code has a defect. The process ends then, and an operator sees why. Access lists may change again, and the
 * process may do more than consume.
 */
export const isFinal = (error: unknown): boolean => {
  if (error instanceof StartRefused) return !(error instanceof TopicMismatch);
  if (!(error instanceof Error) || !error.name.startsWith('KafkaJS')) return isDefect(error);
  if (TRANSIENT.has(error.name) || isCoordinatorBusy(error) || refusedAccess(error) !== undefined) return false;
  const root = rootOf(error) as KafkaJsError;
  return isDefect(root) || root.retriable === false;
};

const DEFECTS = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);

const isDefect = (error: unknown): boolean => !(error instanceof Error) || DEFECTS.has(error.name);

import { isCoordinatorBusy } from '../kafka/kafkaFailure.js';
import { TopicMismatch } from '../kafka/topicFaults.js';
import { StartRefused } from '../startRefused.js';

interface KafkaJsError extends Error {
  retriable?: unknown;
}

const rootOf = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error;

/** Locks of the client that were held for too long, and a coordinator that is not elected yet; kafkajs restarts neither. */
const TRANSIENT = new Set(['KafkaJSNumberOfRetriesExceeded', 'KafkaJSGroupCoordinatorNotFound', 'KafkaJSLockTimeout']);

/**
 * Whether a failed member must not be replaced by a new one: the log is another one, the broker refuses the group for good
 * (authorization, another protocol), or our code has a defect. The process ends then, and an operator sees why.
 */
export const isFinal = (error: unknown): boolean => {
  if (error instanceof StartRefused) return !(error instanceof TopicMismatch);
  if (!(error instanceof Error) || !error.name.startsWith('KafkaJS')) return isDefect(error);
  if (TRANSIENT.has(error.name) || isCoordinatorBusy(error)) return false;
  const root = rootOf(error) as KafkaJsError;
  return isDefect(root) || root.retriable === false;
};

const DEFECTS = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);

const isDefect = (error: unknown): boolean => !(error instanceof Error) || DEFECTS.has(error.name);

const KNOWN = new Set([
  ...['RevisionGap', 'Superseded', 'LogUnavailable', 'DependencyUnavailable', 'TimedOut'],
  ...['MissingKey', 'SealBroken', 'Undecodable', 'TopicMismatch', 'RecordTooLarge', 'Fenced'],
]);

/**
 * The label for an error that ended a run. Libraries may name errors as they like, so their names become one each.
 *
 * @param errorName class name of the error.
 */
export const restartReason = (errorName: string): string => {
  if (KNOWN.has(errorName)) return errorName;
  if (errorName.startsWith('KafkaJS')) return 'KafkaJSError';
  // The name that the driver of Postgres gives what the server reports.
  return errorName === 'error' ? 'DatabaseError' : 'other';
};

import { counter } from '../metrics.js';

/** As `DeadReason`, or `unreadable`: a record that is no message. */
const REASONS = ['refused', 'failed', 'unreadable'] as const;

/** Counts the messages of a consumer that were set aside for an operator. */
export const deadMessages = (consumer: string): ((reason: (typeof REASONS)[number]) => void) => {
  const dead = counter('ums_dead_messages_total', 'Messages set aside for an operator.', ['consumer', 'reason']);
  // So that a rate includes the first one.
  for (const reason of REASONS) dead.inc({ consumer, reason }, 0);
  return (reason) => dead.inc({ consumer, reason });
};

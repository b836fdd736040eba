import { Undecodable } from '@ums/contracts/events/undecodable';
import { MissingKey } from '@ums/kit/facts/openFacts';

/** Why an event was parked, for an operator: names of ours, never a value. */
export const failureReason = (failed: Error): string => {
  if (failed instanceof Undecodable) return `undecodable ${failed.storedType} ${failed.field}`;
  return failed instanceof MissingKey ? 'missing-key' : 'seal-broken';
};

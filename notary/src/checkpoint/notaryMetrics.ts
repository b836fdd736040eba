import { counter, gauge } from '@ums/kit/metrics';

export interface NotaryMetrics {
  /** Events of the log that are in the tree, or are none of it. */
  appended(events: number): void;
  signed(): void;
  /** The notary does not sign until an operator has acted. */
  refused(isRefused: boolean): void;
  /** The tree does not grow beyond the event at this position; `undefined` while it does. */
  halted(position: bigint | undefined): void;
  /** Whether the last call of a place succeeded. */
  placeAnswered(place: string, isUp: boolean): void;
  receiptsSigned(count: number): void;
  /** Whether the last look at the receipts of erasures succeeded. */
  receiptsAnswered(isUp: boolean): void;
}

/** Metrics of the notary, in the registry of the process. */
export const notaryMetrics = (): NotaryMetrics => {
  const events = counter('ums_notary_events_total', 'Events of the log that the notary has handled', []);
  const signed = counter('ums_notary_checkpoints_total', 'Checkpoints signed', []);
  const refused = gauge(
    'ums_notary_refused',
    '1 while the log contradicts a signed checkpoint, so that none is signed',
    [],
  );
  const halted = gauge(
    'ums_notary_halted_position',
    'Position of the event of the log that has no leaf, before which the tree ends; -1 without one',
    [],
  );
  const receipts = counter('ums_notary_receipts_total', 'States of receipts of erasures that were signed', []);
  const receiptsUp = gauge('ums_notary_receipts_up', 'Whether the last look at the receipts succeeded', []);
  // An instance that stands by asks nothing.
  receiptsUp.set(1);
  const placeUp = gauge('ums_notary_place_up', 'Whether the last call of the place succeeded', ['place'] as const);
  return {
    appended: (count) => events.inc(count),
    signed: () => signed.inc(),
    refused: (isRefused) => refused.set(isRefused ? 1 : 0),
    halted: (position = -1n) => halted.set(Number(position)),
    placeAnswered: (place, isUp) => placeUp.set({ place }, isUp ? 1 : 0),
    receiptsSigned: (count) => receipts.inc(count),
    receiptsAnswered: (isUp) => receiptsUp.set(isUp ? 1 : 0),
  };
};

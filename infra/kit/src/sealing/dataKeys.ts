import type { Erased } from '@ums/contracts/personal';

/** The data keys of subjects: a port. The adapter over the vault is `vaultDataKeys` of `infra/identity`. */
export interface DataKeys {
  /**
   * The keys of some subjects, by one query for those not cached. `ERASED` where a tombstone stands; a subject without
   * row is absent from the map.
   *
   * @throws SealBroken when a wrapped key does not open under the master key.
   */
  fetch(subjects: Iterable<string>): Promise<Map<string, Buffer | Erased>>;
  /** As `fetch`, but bypasses the cache. For callers that must see an erasure at once: a mail, after taking its lease. */
  fresh(subjects: Iterable<string>): Promise<Map<string, Buffer | Erased>>;
  /** Drops a subject's key from the cache. A fetch already under way returns the key but does not cache it. */
  forget(subject: string): void;
}

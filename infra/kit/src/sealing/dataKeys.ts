import type { KeyObject } from 'node:crypto';
import type { Erased } from '@ums/contracts/personal';

/** The data keys of subjects: a port. `vaultDataKeys` of `infra/identity` is its adapter for the vault. */
export interface DataKeys {
  /**
   * The keys of some subjects, with one query for those not cached. `ERASED` for an erased subject; a subject without a
   * row is absent from the map.
   *
   * @throws SealBroken when a wrapped key cannot be opened with the master key.
   */
  fetch(subjects: Iterable<string>): Promise<Map<string, KeyObject | Erased>>;
  /** As `fetch`, but bypasses the cache. For callers that must see an erasure at once. */
  fresh(subjects: Iterable<string>): Promise<Map<string, KeyObject | Erased>>;
  /** Removes a subject's key from the cache. A fetch that is already running returns the key but does not cache it. */
  evict(subject: string): void;
}

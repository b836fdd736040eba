import type { KeyObject } from 'node:crypto';
import { addressMac } from '@ums/identity/addressMac';
import type { LoadDeps } from '@ums/kit/facts/loadFacts';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import { addressesOfRegistration, addressesOfUser } from './addressesInLog.js';
import {
  addMapped,
  countUnmapped,
  type MappedMac,
  type RowsWithMacs,
  type UnmappedMac,
  unmappedMacs,
} from './addressRewriteRow.js';

export interface AddressMapping extends LoadDeps {
  vault: pg.Pool;
  oldKey: KeyObject;
  newKey: KeyObject;
  onProgress: (progress: RewriteProgress) => void;
  /** Awaited after each step. Only tests set it, to simulate a crash, or what others do meanwhile. */
  crashPoint?: ((step: RewriteStep) => Promise<void>) | undefined;
}

export interface RewriteProgress {
  phase: 'reading' | 'switching';
  /** Rows whose address was looked up by this run. */
  done: number;
  /** Rows to look up, as counted at the beginning. */
  total: number;
}

export type RewriteStep = 'batch-mapped' | 'all-mapped' | 'rows-switched';

const BATCH = 256;
/** Streams that are read at a time. */
const PARALLEL = 16;
const FIRST = { id: '00000000-0000-0000-0000-000000000000', mac: Buffer.alloc(0) };
const ROWS: readonly RowsWithMacs[] = ['address', 'registration', 'email_change'];

/**
 * Computes the new MAC of every stored one: reads the addresses of its row in the event log and finds the one that gives it.
 * Results are kept in the vault, so the next run continues here. A row of a request whose event was never appended has no
 * address in the log; it was never acknowledged, and is left out.
 *
 * @throws StartRefused for an address that is not in the log; what reading a stream throws.
 */
export const mapAddresses = async (mapping: AddressMapping): Promise<void> => {
  const { vault, onProgress, crashPoint = async () => undefined } = mapping;
  const total = await countUnmapped(vault);
  let done = 0;
  onProgress({ phase: 'reading', done, total });
  for (const rowsOf of ROWS)
    for (let after: Pick<UnmappedMac, 'id' | 'mac'> = FIRST; ; ) {
      const rows = await unmappedMacs(vault, rowsOf, after, BATCH);
      const last = rows.at(-1);
      if (last === undefined) break;
      // One query for the data keys of the batch.
      await mapping.keys.fetch(rows.map(({ id, userId }) => userId ?? id));
      for (let start = 0; start < rows.length; start += PARALLEL) {
        const read = rows.slice(start, start + PARALLEL).map((row) => mapRow(mapping, rowsOf, row));
        await addMapped(vault, (await Promise.all(read)).flat());
      }
      await crashPoint('batch-mapped');
      after = last;
      done += rows.length;
      onProgress({ phase: 'reading', done, total: Math.max(total, done) });
    }
  await crashPoint('all-mapped');
};

const mapRow = async (mapping: AddressMapping, rowsOf: RowsWithMacs, row: UnmappedMac): Promise<MappedMac[]> => {
  const ofUser = row.userId === undefined ? [] : await addressesOfUser(mapping, row.userId);
  const found = newMacOf(mapping, row.mac, ofUser);
  if (found !== undefined) return [found];
  if (rowsOf === 'email_change') return [];
  // Also of a user: one whose registration is being completed has no events yet.
  const registrationId = rowsOf === 'registration' ? row.id : await registrationOf(mapping.vault, row.id);
  const { isInLog, addresses } = await addressesOfRegistration(mapping, registrationId);
  const registered = newMacOf(mapping, row.mac, addresses);
  if (registered !== undefined) return [registered];
  if (rowsOf === 'registration' && !isInLog) return [];
  throw new StartRefused(`The log does not have an address of ${rowsOf} ${row.id} in the vault; nothing was changed.`);
};

const newMacOf = (
  { oldKey, newKey }: AddressMapping,
  mac: Buffer,
  addresses: Iterable<[string, Date | undefined]>,
): MappedMac | undefined => {
  for (const [address, formerUntil] of addresses)
    if (addressMac(oldKey, address).equals(mac)) return { mac, newMac: addressMac(newKey, address), formerUntil };
  return undefined;
};

const registrationOf = async (vault: pg.Pool, userId: string): Promise<string> => {
  const { rows } = await vault.query<{ id: string }>({
    name: 'find-registration-of-user',
    text: 'select registration_id as id from account where user_id = $1',
    values: [userId],
  });
  return rows[0]?.id ?? '';
};

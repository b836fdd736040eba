import { createHash } from 'node:crypto';
import type { UserProfile } from '@ums/contracts/reducers/userProfile';
import { withTransaction } from '@ums/kit/postgres/transaction';
import { userProfileV1 } from '@ums/projector/profile/userProfileV1';
import { upsertRows } from '@ums/projector/projection/rowTable';
import type pg from 'pg';
import { vacuumFully } from '../load/vacuumFully.js';

const ROWS_AT_ONCE = 2_000;
/** Few, so that already ten thousand users fill a page of each search with each status and role. */
const LETTERS = 'abc';
const FIRST_DAY_MS = Date.UTC(2020, 0, 1);

/** The letters that a word may begin with. Each word begins with any of them equally often. */
export const FIRST_LETTERS: readonly string[] = [...LETTERS];

/**
 * Puts users with these numbers into the read model as the projector does, without events. One in ten is an auditor, another
 * one an administrator, and a third one is suspended; every second one has a picture. They register a minute apart, in the
 * order of their numbers.
 */
export const seedUsers = async (pool: pg.Pool, first: number, count: number): Promise<void> => {
  for (let start = first; start < first + count; start += ROWS_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(ROWS_AT_ONCE, first + count - start) }, (_, index) => start + index);
    const rows = numbers.map((number) => ({ row: profileOf(number), position: BigInt(number) }));
    const byKey = new Map(rows.map((folded) => [folded.row.userId, folded]));
    await withTransaction(pool, (tx) => upsertRows(tx, userProfileV1.table, byKey));
  }
  for (const table of [userProfileV1.table.name, ...(userProfileV1.table.derived ?? [])])
    await vacuumFully(pool, table);
};

/** The time of registration of a user, in ISO 8601. */
export const registeredAt = (number: number): string => new Date(FIRST_DAY_MS + number * 60_000).toISOString();

const profileOf = (number: number): UserProfile => {
  const hash = createHash('sha256').update(String(number)).digest();
  const word = (from: number): string =>
    [...hash.subarray(from, from + 7)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  const [userId, pictureId] = [uuidOf(hash.toString('hex')), uuidOf(hash.toString('hex').slice(32))];
  const role = (['admin', 'auditor'] as const)[number % 10];
  return {
    userId,
    email: `${word(0)}.${number}@example.org`,
    name: `${word(8)} ${word(16)}`,
    status: number % 10 === 2 ? 'suspended' : 'active',
    roles: role === undefined ? ['user'] : ['user', role],
    locale: number % 3 === 0 ? 'de' : 'en',
    registeredAt: registeredAt(number),
    picture: number % 2 === 0 ? { pictureId, status: 'ready', reason: undefined, readyId: pictureId } : undefined,
    mailBlock: undefined,
    revision: 0n,
  };
};

/** A version 4 UUID of at least 32 hexadecimal digits. */
const uuidOf = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');

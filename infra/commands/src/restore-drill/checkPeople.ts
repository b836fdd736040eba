import type { RecordedEvent } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import { currentType } from '@ums/contracts/stored/stored';
import { parseStream } from '@ums/contracts/streams';
import { withConnection } from '@ums/embedded/postgres/withConnection';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { createLog } from '@ums/kit/log';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import type { Restored } from './startRestored.js';

/** Numbers of people. */
export interface People {
  registered: number;
  /** Their erasure is in the log, and their key is destroyed. */
  erased: number;
  /** Erased after the backup of the vault. */
  erasedAfter: number;
  /** Registered after the backup of the vault, which does not have their keys: nobody can read what is stored about them. */
  lost: number;
}

const ERASURE: UserEvent['type'] = 'UserErasureStarted';
const PAGE = 1_000;

/**
 * Reads the whole log, and finds for each person in it whether the vault has their key, or its tombstone if they were erased.
 *
 * @throws StartRefused when the key of an erased person is left, or a key is missing that was not given up.
 */
export const checkPeople = async ({ engines, settledBefore, lost }: Omit<Restored, 'metrics'>): Promise<People> => {
  const log = createLog({ service: 'restore-drill', level: 'silent' });
  const eventLog = connectEventLog({ url: engines.eventLog, log });
  try {
    return await withConnection(engines.vaultFor('command'), async (client) => {
      const people: People = { registered: 0, erased: 0, erasedAfter: 0, lost };
      for (let after: bigint | undefined; ; ) {
        const page = await eventLog.readAll(after, PAGE);
        if (page.length === 0) return people;
        await checkPage(client, page, { people, settledBefore });
        after = page.at(-1)?.position;
      }
    });
  } finally {
    await eventLog.close();
  }
};

const checkPage = async (
  client: pg.Client,
  page: readonly RecordedEvent[],
  { people, settledBefore }: { people: People; settledBefore: bigint },
): Promise<void> => {
  const found = page.flatMap(({ stream, revision, type, position }) => {
    const name = parseStream(stream);
    const isErasure = currentType(type) === ERASURE;
    return name?.category === 'user' && (revision === 0n || isErasure) ? [{ id: name.id, isErasure, position }] : [];
  });
  const keys = await keysOf(
    client,
    found.map(({ id }) => id),
  );
  for (const { id, isErasure, position } of found) {
    const key = keys.get(id);
    if (isErasure && key !== 'destroyed')
      throw new StartRefused(`User ${id} was erased, and the vault does not say so.`);
    if (key === undefined) throw new StartRefused(`The vault has no key of user ${id}.`);
    if (!isErasure) people.registered += 1;
    if (isErasure) people.erased += 1;
    if (isErasure && position > settledBefore) people.erasedAfter += 1;
  }
};

const keysOf = async (client: pg.Client, ids: readonly string[]): Promise<Map<string, 'usable' | 'destroyed'>> => {
  const { rows } = await client.query<{ subject: string; destroyed: boolean }>({
    name: 'find-states-of-keys',
    text: 'select subject, wrapped is null as destroyed from data_key where subject = any($1::uuid[])',
    values: [ids],
  });
  return new Map(rows.map(({ subject, destroyed }) => [subject, destroyed ? 'destroyed' : 'usable']));
};

/** @param isLogNewer whether the event log is of another backup than the vault. */
export const peopleSentence = ({ registered, erased, erasedAfter, lost }: People, isLogNewer: boolean): string => {
  const people = `${registered} people are in the event log; ${erased} of them are erased`;
  if (!isLogNewer) return people;
  return `${people}, ${erasedAfter} after the backup of the vault; ${lost} registered after it, and their keys are lost`;
};

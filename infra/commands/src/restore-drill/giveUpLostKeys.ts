import type { UserEvent } from '@ums/contracts/events/user';
import { currentType } from '@ums/contracts/stored/stored';
import { parseStream } from '@ums/contracts/streams';
import { withConnection } from '@ums/embedded/postgres/withConnection';
import type { EventLog } from '@ums/kit/event-log/eventLog';

const ERASURE: UserEvent['type'] = 'UserErasureStarted';
const PAGE = 1_000;

/**
 * Gives up the keys of people who registered after the backup of the vault, as "Who is lost" in docs/backup-and-restore.md tells an
 * operator to. Otherwise the projector parks them, and stops when it parks more than ten in a minute. For the copy of a drill,
 * before the services start on it.
 *
 * @param vault URL, as its owner
 * @param settledBefore up to this position of the log, the vault has every key
 * @returns how many people are lost; those who were erased since are not.
 */
export const giveUpLostKeys = async (
  eventLog: Pick<EventLog, 'readAll'>,
  { vault, settledBefore }: { vault: string; settledBefore: bigint },
): Promise<number> => {
  const later = new Set<string>();
  let page = await eventLog.readAll(settledBefore < 0n ? undefined : settledBefore, PAGE);
  for (; page.length > 0; page = await eventLog.readAll(page.at(-1)?.position, PAGE))
    for (const { stream, revision, type } of page) {
      const name = parseStream(stream);
      if (name?.category !== 'user') continue;
      if (revision === 0n) later.add(name.id);
      if (currentType(type) === ERASURE) later.delete(name.id);
    }
  return withConnection(vault, async (client) => {
    const { rowCount } = await client.query({
      name: 'give-up-lost-keys',
      text: `insert into data_key (subject, erased_at) select id, now() from unnest($1::uuid[]) as later (id)
             on conflict do nothing`,
      values: [[...later]],
    });
    return rowCount ?? 0;
  });
};

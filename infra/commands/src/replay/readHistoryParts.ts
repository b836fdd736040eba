import type { HistoryEntry, HistoryPage, PastUserBody } from '@ums/contracts/http/history';
import type { AuditorClient } from './auditorClient.js';
import type { HistoryOrder, ProfileOrder } from './replayOrder.js';
import type { ReadParts } from './resumed.js';

/** The history of a user with the sessions, oldest first, page by page. */
export const readHistoryParts = (client: AuditorClient, { userId, grantId }: HistoryOrder): ReadParts<HistoryEntry> =>
  async function* (begin) {
    const asked = { order: 'asc', limit: '100', include: 'sessions', grant: grantId };
    for (let after = begin; ; ) {
      const page = await client.json<HistoryPage>(`/users/${userId}/history`, { ...asked, after });
      after = page.next ?? undefined;
      yield { records: page.items, after };
      if (after === undefined) return;
    }
  };

/** The profile of a user as it was. */
export const readProfilePart = (client: AuditorClient, order: ProfileOrder): ReadParts<PastUserBody> =>
  async function* () {
    const asked = { asOf: order.asOf, grant: order.grantId };
    yield { records: [await client.json<PastUserBody>(`/users/${order.userId}`, asked)], after: undefined };
  };

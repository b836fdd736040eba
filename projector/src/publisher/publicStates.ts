import type { StateOrigin } from '@ums/contracts/kafka/stateRecord';
import type { PublicState } from '@ums/contracts/reducers/publicState';
import { isUuid } from '@ums/contracts/uuid';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** The public state of a user after an event; `undefined` when the user has none (erased). */
export interface StateAfter {
  origin: StateOrigin;
  state: PublicState | undefined;
}

interface Row {
  user_id: string;
  event_id: string;
  revision: string;
  position: string;
  at: string | null;
  correlation_id: string | null;
  state: PublicState | null;
}

const COLUMNS = 'user_id, event_id, revision, position, at, correlation_id, state';

const toStateAfter = ({ user_id, event_id, revision, position, at, correlation_id, state }: Row): StateAfter => ({
  origin: {
    ...{ userId: user_id, eventId: event_id, revision: BigInt(revision), position: BigInt(position) },
    ...{ at: at ?? undefined, correlationId: correlation_id ?? undefined },
  },
  state: state ?? undefined,
});

/** The states of the given users, by user id; users without events so far are left out. */
export const loadStates = async (tx: Transaction, userIds: readonly string[]): Promise<Map<string, StateAfter>> => {
  const { rows } = await tx.query<Row>({
    name: 'load-public-states',
    text: `select ${COLUMNS} from read.public_state where user_id = any($1::uuid[])`,
    values: [userIds],
  });
  return new Map(rows.map((row) => [row.user_id, toStateAfter(row)]));
};

/** At most `limit` states, ordered by user id, after a user. */
export const statesAfter = async (
  tx: Transaction,
  userId: string | undefined,
  limit: number,
): Promise<StateAfter[]> => {
  const { rows } = await tx.query<Row>({
    name: 'page-public-states',
    text: `select ${COLUMNS} from read.public_state
           where $1::uuid is null or user_id > $1::uuid order by user_id limit $2`,
    values: [userId ?? null, limit],
  });
  return rows.map(toStateAfter);
};

export const saveStates = async (tx: Transaction, states: readonly StateAfter[]): Promise<void> => {
  await tx.query({
    name: 'save-public-states',
    text: `insert into read.public_state (${COLUMNS})
           select * from unnest($1::uuid[], $2::uuid[], $3::numeric[], $4::numeric[], $5::text[], $6::uuid[], $7::jsonb[])
           on conflict (user_id) do update set event_id = excluded.event_id, revision = excluded.revision,
             position = excluded.position, at = excluded.at, correlation_id = excluded.correlation_id,
             state = excluded.state`,
    values: [
      states.map(({ origin }) => origin.userId),
      states.map(({ origin }) => origin.eventId),
      states.map(({ origin }) => String(origin.revision)),
      states.map(({ origin }) => String(origin.position)),
      states.map(({ origin }) => origin.at ?? null),
      states.map(({ origin }) => (isUuid(origin.correlationId) ? origin.correlationId : null)),
      states.map(({ state }) => (state === undefined ? null : JSON.stringify(state))),
    ],
  });
};

/** Forgets all states, for a publisher that begins with the first event again. */
export const clearStates = async (tx: Transaction): Promise<void> => {
  await tx.query('truncate read.public_state');
};

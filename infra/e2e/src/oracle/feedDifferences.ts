import type { Client } from 'pg';
import type { LoggedEvent } from './loggedEvents.js';
import { failedChecks } from './readModelDifferences.js';

interface FeedRow {
  position: string;
  event_id: string;
  user_id: string | null;
  type: string;
  actor_kind: string;
  actor_id: string | null;
  at: Date;
  correlation_id: string;
}

const STREAM = /^([a-z]+)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const OF_A_USER = ['user', 'signin', 'access'];

/** The event of a grant that names the user whom all of them concern. */
const isRequest = ({ type }: LoggedEvent): boolean => type === 'AccessRequested';

/** Differences between the feed of events and the log: ids of events and names of columns. */
export const feedDifferences = async (users: Client, events: readonly LoggedEvent[]): Promise<string[]> => {
  const { rows } = await users.query<FeedRow>('select * from read.audit_event_v1');
  const found = new Map(rows.map((row) => [row.position, row]));
  const asked = new Map(events.filter(isRequest).map(({ stream, data }) => [stream, data.userId]));
  const differences = events.flatMap((event) => {
    const [, category = '', streamId] = STREAM.exec(event.stream) ?? [];
    if (streamId === undefined) return [];
    const row = found.get(String(event.position));
    found.delete(String(event.position));
    if (row === undefined) return [`event ${event.id}: not in the feed`];
    const { actor, at, $correlationId } = event.metadata as {
      actor: { kind: string; id?: string };
    } & typeof event.metadata;
    const userId = OF_A_USER.includes(category) ? streamId : (event.data.userId ?? asked.get(event.stream) ?? null);
    const checks: Record<keyof Omit<FeedRow, 'position'>, boolean> = {
      event_id: row.event_id === event.id,
      user_id: row.user_id === userId,
      type: row.type === event.type.replace(/\.v\d+$/, ''),
      actor_kind: row.actor_kind === actor.kind,
      actor_id: row.actor_id === (actor.id ?? null),
      at: row.at.toISOString() === at,
      correlation_id: row.correlation_id === $correlationId,
    };
    return failedChecks(checks).map((name) => `event ${event.id}: ${name}`);
  });
  return [...differences, ...[...found.values()].map(({ event_id: id }) => `event ${id}: not in the log`)];
};

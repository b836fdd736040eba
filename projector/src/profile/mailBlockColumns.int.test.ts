import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '@ums/contracts/events/event';
import { until } from '../../../infra/kit/test/until.js';
import { isCaughtUp, runDepsOf } from '../../test/runDeps.js';
import { createWorld, type World } from '../../test/world.js';
import { runProjection } from '../projection/runProjection.js';

const bounced = (kind: 'bounce' | 'complaint', address: 'current' | 'requested'): DomainEvent => ({
  type: 'MailBounced',
  data: { kind, address, email: 'ada@example.org' },
});

describe('F-26 the columns of the mail block', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  /** Appends the events, runs the projection until it has applied them, and reads the columns. */
  const columnsAfter = async (userId: string, ...events: DomainEvent[]) => {
    if (events.length > 0) await world.append(userId, ...events);
    const stopping = new AbortController();
    const running = runProjection(runDepsOf(world), stopping.signal, () => undefined);
    await until(() => isCaughtUp(world));
    stopping.abort();
    await running;
    const { rows } = await world.pool.query<{ mail_block: string | null; mail_blocked_at: Date | null }>(
      'select mail_block, mail_blocked_at from read.user_profile_v1 where user_id = $1',
      [userId],
    );
    return rows[0];
  };

  it('say why and since when the address gets no mail, until the user has another one', async () => {
    const userId = await world.register();
    const none = { mail_block: null, mail_blocked_at: null };
    expect(await columnsAfter(userId, bounced('bounce', 'requested'))).toEqual(none);
    const blocked = await columnsAfter(userId, bounced('bounce', 'current'));
    expect(blocked).toEqual({ mail_block: 'bounce', mail_blocked_at: expect.any(Date) });
    const complained = await columnsAfter(userId, bounced('complaint', 'current'));
    expect(complained).toEqual({ ...blocked, mail_block: 'complaint' });
    const email = 'king@example.org';
    const changed: DomainEvent = {
      type: 'EmailChanged',
      data: { changeId: randomUUID(), email, previousEmail: 'ada@example.org' },
    };
    expect(await columnsAfter(userId, changed)).toEqual(none);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { grantStream } from '@ums/contracts/streams';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { parkingIn } from '../../test/parking.js';
import { appendRandomHistory, seededRandom } from '../../test/randomHistory.js';
import { runDepsOf } from '../../test/runDeps.js';
import { createWorld, type World } from '../../test/world.js';
import { compareTables } from '../rebuild/compareTables.js';
import { dropCopy } from '../rebuild/dropCopy.js';
import { rebuild } from '../rebuild/rebuild.js';
import { switchTables } from '../rebuild/switchTables.js';
import { auditEventV1 } from './auditEventV1.js';

describe('a rebuild of the list of all events', () => {
  let world: World;
  let applyAll: () => Promise<unknown>;
  beforeAll(async () => {
    world = await createWorld();
    applyAll = () => parkingIn(world).applyAll({ projection: auditEventV1 });
    await appendRandomHistory(world, 150, seededRandom(7));
    const refused = world.stored(randomUUID(), { type: 'AccessRefused', data: {} });
    await world.eventLog.append(grantStream(randomUUID()), [refused], NO_STREAM);
    await applyAll();
  });
  afterAll(() => world.close());

  const deps = () => ({ ...runDepsOf(world), projection: auditEventV1 });
  const contents = async () => [
    (await world.pool.query('select * from read.audit_event_v1 order by position')).rows,
    (await world.pool.query('select * from read.audit_span_v1 order by minutes, number')).rows,
  ];

  it('F-17 makes the same rows and spans, whatever is in the live tables, and goes on from them after the switch', async () => {
    const expected = await contents();
    await world.pool.query(
      'delete from read.audit_event_v1 where position in (select min(position) from read.audit_event_v1)',
    );
    // As a version without this column has left it.
    await world.pool.query('update read.audit_event_v1 set grant_id = null');
    await rebuild({ ...deps(), eventsPerBatch: 40 }, () => undefined);
    expect(await compareTables(world.pool, auditEventV1)).toMatchObject({ onlyLive: 0, onlyNext: 1, differing: 1 });
    await switchTables(deps());
    expect(await contents()).toEqual(expected);
    await dropCopy(world.pool, auditEventV1, 'old');
    await appendRandomHistory(world, 20, seededRandom(8));
    await applyAll();
    const [events = [], spans = []] = await contents();
    expect(events).toHaveLength(world.eventLog.events.filter((event) => auditEventV1.key(event) !== undefined).length);
    expect(spans.at(-1)?.last_position).toBe(String(world.eventLog.events.at(-1)?.position));
  });
});

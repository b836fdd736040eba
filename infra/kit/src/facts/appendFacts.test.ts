import { type KeyObject, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { GrantEvent } from '@ums/contracts/events/grant';
import { ERASED, type Erased } from '@ums/contracts/personal';
import { grantStream } from '@ums/contracts/streams';
import { memoryEventLog } from '../../test/memoryEventLog.js';
import { NO_STREAM } from '../event-log/eventLog.js';
import type { DataKeys } from '../sealing/dataKeys.js';
import { masterKeys } from '../sealing/masterKeys.js';
import { newDataKey } from '../sealing/sealing.js';
import { appendFacts } from './appendFacts.js';
import { openFacts } from './openFacts.js';
import { SubjectErased } from './sealingKeys.js';

const [ada, eve, auditor] = [randomUUID(), randomUUID(), randomUUID()];

const depsWith = (found: ReadonlyMap<string, KeyObject | Erased>) => {
  const fetch: DataKeys['fetch'] = async (subjects) => {
    const wanted = [...subjects];
    return new Map([...found].filter(([subject]) => wanted.includes(subject)));
  };
  const keys: DataKeys = { fetch, fresh: fetch, evict: () => undefined };
  const master = masterKeys('a master key of the tests');
  return { eventLog: memoryEventLog(), keys, masterKeys: master, clock: { now: () => new Date(0) } };
};

const asked = (userId: string): GrantEvent => ({
  type: 'AccessRequested',
  data: { userId, minutes: 60, purpose: 'Ticket 4711' },
});

const grantOf = (events: GrantEvent[]) => ({
  ...({ stream: grantStream(randomUUID()), events, expected: NO_STREAM } as const),
  cause: {
    ...{ correlationId: randomUUID(), causationId: randomUUID(), actor: { kind: 'auditor', id: auditor } as const },
    source: { ip: '192.0.2.7', userAgent: 'a test' },
  },
});

describe('appendFacts to the stream of a grant', () => {
  it('G-01 seals the purpose for the user whom the data names, and the source for the auditor', async () => {
    const keys = new Map([ada, auditor].map((subject) => [subject, newDataKey()]));
    const deps = depsWith(keys);
    await appendFacts(deps, grantOf([asked(ada)]));
    const [stored] = deps.eventLog.events;
    expect(JSON.stringify([stored?.data, stored?.metadata])).not.toMatch(/Ticket|192\.0\.2\.7/);
    const opened = await openFacts(deps.eventLog.events, depsWith(new Map([...keys].slice(0, 1))).keys);
    expect(opened[0]?.fact?.data).toMatchObject({ purpose: 'Ticket 4711' });
  });

  it('G-02 appends nothing about an erased user', async () => {
    const deps = depsWith(
      new Map<string, KeyObject | Erased>([
        [ada, ERASED],
        [auditor, newDataKey()],
      ]),
    );
    await expect(appendFacts(deps, grantOf([asked(ada)]))).rejects.toBeInstanceOf(SubjectErased);
    expect(deps.eventLog.events).toHaveLength(0);
  });

  it('needs no key of the user for an event without personal fields', async () => {
    const deps = depsWith(new Map([[auditor, newDataKey()]]));
    await appendFacts(deps, grantOf([{ type: 'AccessApproved', data: {} }]));
    expect(deps.eventLog.events).toHaveLength(1);
  });

  it('refuses events that concern two users', async () => {
    const deps = depsWith(new Map([ada, eve, auditor].map((subject) => [subject, newDataKey()])));
    await expect(appendFacts(deps, grantOf([asked(ada), asked(eve)]))).rejects.toThrow('one subject');
  });
});

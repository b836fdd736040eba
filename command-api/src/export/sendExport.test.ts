import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { listen } from '@ums/kit/http/listen';
import { createLog } from '@ums/kit/log';
import type { SharedSlots } from '@ums/kit/queue/sharedSlots';
import { Refused } from '@ums/kit/refused';
import { newDataKey } from '@ums/kit/sealing/sealing';
import express, { type Response } from 'express';
import { memoryEventLog } from '../../../infra/kit/test/memoryEventLog.js';
import { memoryObjectStorage } from '../../../infra/kit/test/memoryObjectStorage.js';
import type { ExportDeps } from './exportDeps.js';
import type { ExportedUser } from './exportedUser.js';
import { sendExport } from './sendExport.js';

const userId = randomUUID();
const origin = { requestId: randomUUID(), correlationId: randomUUID(), source: { ip: '', userAgent: '', bucket: '' } };
const reader = { userId, sessionId: randomUUID(), roles: ['user'] as const, epoch: 0n };

let taken: string[];
let givenBack: number;
let held: number;
let logged: string[];
beforeEach(() => {
  [taken, givenBack, held, logged] = [[], 0, 0, []];
});

/** Slots whose holders count as long as they hold one. */
const slotsThat = (free: () => void, lost: AbortSignal = new AbortController().signal): SharedSlots => ({
  take: () => {
    held += 1;
    return { lost, free, keep: () => undefined };
  },
});

/** Sends an export whose read cannot be recorded. The response has nothing that could be called. */
const send = (giveBack: () => Promise<void>) =>
  sendExport(
    {
      exportSlots: slotsThat(() => {
        held -= 1;
      }),
      exportTurns: {
        take: async (route: string, user: string) => {
          taken.push(`${route} ${user}`);
          return giveBack;
        },
      },
      recordRead: () => Promise.reject(new LogUnavailable()),
      log: createLog({ service: 'test', destination: { write: (line: string) => void logged.push(line) } }),
    } as unknown as ExportDeps,
    {} as Response,
    {
      ...{ user: { userId } as ExportedUser, route: '/user/export', read: { reader, grantId: null, origin } },
      confirm: async () => undefined,
    },
  );

/** Answers one request with an export of a user without events, on a clock that jumps six seconds at each look. */
const sendSlowly = async (confirm: () => Promise<void>, lost?: AbortSignal) => {
  const profile = {
    ...{ userId, email: 'ada@example.org', name: 'Ada', status: 'active', roles: ['user'], locale: 'en' },
    ...{ registeredAt: '', picture: undefined, mailBlock: undefined, revision: 0n },
  };
  const deps = {
    exportSlots: slotsThat(() => undefined, lost),
    exportTurns: {
      take: async () => async () => {
        givenBack += 1;
      },
    },
    recordRead: async () => undefined,
    ...{
      appName: 'Club',
      clock: { now: () => new Date() },
      eventLog: memoryEventLog(),
      objects: memoryObjectStorage(),
    },
    ...{ vault: { query: async () => ({ rows: [] }) }, readUsers: async () => [] },
  } as unknown as ExportDeps;
  const user = {
    ...{ userId, registrationId: randomUUID(), key: newDataKey(), profile, roleChanges: [], files: [] },
    tree: { size: 1, note: '' },
  } as unknown as ExportedUser;
  const app = express();
  let outcome: unknown = 'sent';
  app.get('/', async (_request, response) => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 6_000));
    const read = { reader, grantId: null, origin };
    await sendExport(deps, response, { user, route: '/user/export', read, confirm }).catch((error: unknown) => {
      outcome = error;
      response.destroy();
    });
    clock.mockRestore();
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const body = await fetch(`http://127.0.0.1:${server.port}`)
    .then((answer) => answer.arrayBuffer())
    .catch(() => undefined);
  await server.close();
  return { outcome, isWhole: body !== undefined };
};

describe('sendExport', () => {
  it('T-08 breaks off once it is not permitted any more', async () => {
    expect(await sendSlowly(async () => undefined)).toEqual({ outcome: 'sent', isWhole: true });
    const ended = new Refused('unauthenticated');
    expect(await sendSlowly(() => Promise.reject(ended))).toEqual({ outcome: ended, isWhole: false });
  });

  it('H-03 R-10 breaks off when another reader takes its place, and gives the turn back', async () => {
    const slot = new AbortController();
    const lose = async () => slot.abort(new Refused('busy'));
    expect(await sendSlowly(lose, slot.signal)).toEqual({ outcome: 'sent', isWhole: false });
    expect(givenBack).toBe(1);
  });

  it('H-03 R-10 is refused as busy, and gives the turn back, when its place is taken before it begins', async () => {
    const busy = new Refused('busy');
    expect(await sendSlowly(async () => undefined, AbortSignal.abort(busy))).toMatchObject({ outcome: busy });
    expect(givenBack).toBe(1);
  });

  it('R-10 sends nothing that is not on record, and gives place and turn back', async () => {
    const giveBack = async () => {
      givenBack += 1;
    };
    await expect(send(giveBack)).rejects.toThrow(LogUnavailable);
    expect([taken, givenBack, held, logged]).toEqual([[`/user/export ${userId}`], 1, 0, []]);
  });

  it('fails with why the read was not recorded, also if the turn cannot be given back', async () => {
    await expect(send(() => Promise.reject(new Error('the vault is down')))).rejects.toThrow(LogUnavailable);
    expect(logged.join()).toContain('a turn was not given back');
  });
});

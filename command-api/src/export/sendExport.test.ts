import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { createLog } from '@ums/kit/log';
import type { Response } from 'express';
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

/** Sends an export whose read cannot be recorded. The response has nothing that could be called. */
const send = (giveBack: () => Promise<void>) =>
  sendExport(
    {
      exportSlots: {
        take: () => {
          held += 1;
          return () => {
            held -= 1;
          };
        },
      },
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

describe('sendExport', () => {
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

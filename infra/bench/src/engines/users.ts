import { randomUUID } from 'node:crypto';
import type { LiveCaller } from '@ums/command-api/authorization/liveCaller';
import type { CommandDeps } from '@ums/command-api/commandDeps';
import { confirm } from '@ums/command-api/registration/confirm';
import { register } from '@ums/command-api/registration/register';
import { addressMac } from '@ums/identity/addressMac';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { inFlight } from '../load/inFlight.js';

const PASSWORD = 'nine quiet boats at noon';

export const caller = (): RequestOrigin => ({
  requestId: randomUUID(),
  correlationId: randomUUID(),
  source: { ip: '127.0.0.1', userAgent: 'bench', bucket: '127.0.0.1' },
});

/** Registers and confirms users by the use cases themselves, the mailed token made here. @returns their ids. */
export const users = async (deps: CommandDeps, count: number): Promise<string[]> => {
  const ids: string[] = [];
  await inFlight({ count, lanes: 8 }, async () => {
    const email = `${randomUUID()}@example.org`;
    await register(deps, { email, name: 'Ada Lovelace', password: PASSWORD }, caller());
    const token = await mailedTo(deps, email);
    ids.push((await confirm(deps, { token, password: PASSWORD }, caller())).userId);
  });
  return ids;
};

const mailedTo = async ({ addressKey, clock, mailTokens, vault }: CommandDeps, email: string): Promise<string> => {
  const mac = addressMac(addressKey, email);
  const { rows } = await vault.query<{ id: string }>('select id from registration where address_mac = $1', [mac]);
  const expires = new Date(clock.now().getTime() + 3_600_000);
  return mailTokens.issue({ purpose: 'confirm', ids: rows.map(({ id }) => id), addressMac: mac, expires });
};

/** A caller taken as confirmed: the check of the session is not part of what is measured. */
export const liveAs = (userId: string): LiveCaller =>
  ({ userId, sessionId: userId, roles: ['user'], epoch: 0n }) as unknown as LiveCaller;

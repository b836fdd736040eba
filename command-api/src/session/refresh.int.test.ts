import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { aUser, caller, PASSWORD, written } from '../../test/testCommands.js';
import { command, principalIn, sessionRows, type TestSessions, testSessions } from '../../test/testSessions.js';
import { liveCaller } from '../authorization/liveCaller.js';
import { createCredentialLimits } from '../limits/credentialLimits.js';
import { login } from './login.js';
import { refresh } from './refresh.js';
import { createRefreshTokens } from './refreshTokens.js';

const ADA = 'ada@example.org';
const DAY_MS = 86_400_000;
const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });
const invalid = refusal('refresh-token-invalid');

let deps: TestSessions;
let userId: string;
beforeEach(async () => {
  deps = await testSessions();
  userId = await aUser(deps, ADA);
});
afterEach(() => deps.close());

const begin = async () => (await login(deps, { email: ADA, password: PASSWORD }, caller())).body;
const use = (token: string, as: TestSessions = deps) => refresh(as, token, caller());
const revocations = async () => (await deps.vault.query('select session_id, epoch from revocation')).rows;

describe('refresh', () => {
  it('gives a new pair, and the successor the next', async () => {
    const { refreshToken } = await begin();
    const next = await use(refreshToken);
    expect(next.refreshToken).not.toBe(refreshToken);
    expect((await principalIn(deps, next.accessToken)).userId).toBe(userId);
    expect((await use(next.refreshToken)).refreshToken).not.toBe(next.refreshToken);
  });

  it('T-05 has exactly one successor, however many use a token at once', async () => {
    for (let round = 0; round < faultRounds({ usual: 3, full: 1_000 }); round += 1) {
      const { refreshToken } = await begin();
      const pairs = await Promise.all(Array.from({ length: 100 }, () => use(refreshToken)));
      expect(new Set(pairs.map((pair) => pair.refreshToken)).size).toBe(1);
      const claim = deps.refreshTokens.verify(refreshToken);
      const rows = await sessionRows(deps);
      expect(rows.find(({ id }) => id === claim?.sessionId)).toMatchObject({ generation: 1 });
    }
  });

  it('T-07 gives the same successor again for ten seconds, so that an answer may be lost', async () => {
    const { refreshToken } = await begin();
    const first = await use(refreshToken);
    deps.clock.advance(10_000);
    expect((await use(refreshToken)).refreshToken).toBe(first.refreshToken);
    expect(await sessionRows(deps)).toMatchObject([{ generation: 1 }]);
    expect((await use(first.refreshToken)).tokenType).toBe('Bearer');
  });

  it('T-07 changes nothing when the vault is down, and succeeds afterwards', async () => {
    const { refreshToken } = await begin();
    const gone = createPool({ url: deps.url.replace(/:\d+\//, ':1/'), applicationName: 'gone', log: silentLog });
    await expect(use(refreshToken, { ...deps, vault: gone })).rejects.toThrow();
    await gone.end();
    expect((await use(refreshToken)).tokenType).toBe('Bearer');
  });

  it('T-06 ends the session when a token is used again after ten seconds', async () => {
    const { refreshToken } = await begin();
    const thief = await use(refreshToken);
    deps.clock.advance(10_001);
    await expect(use(refreshToken)).rejects.toEqual(invalid);
    await expect(use(thief.refreshToken)).rejects.toEqual(invalid);
    expect(await sessionRows(deps)).toEqual([]);
    expect(written(deps).at(-1)).toBe('signin SessionEnded');
    expect(deps.eventLog.events.at(-1)?.data).toMatchObject({ reason: 'reuse' });
    const { sessionId } = await principalIn(deps, thief.accessToken);
    expect(await revocations()).toEqual([{ session_id: sessionId, epoch: null }]);
  });

  it('T-06 ends the session at once when a token two generations old is used', async () => {
    const { refreshToken } = await begin();
    await use((await use(refreshToken)).refreshToken);
    await expect(use(refreshToken)).rejects.toEqual(invalid);
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('T-06 knows a token used again after a restart: nothing of it is kept in the process', async () => {
    const { refreshToken } = await begin();
    await use(refreshToken);
    deps.clock.advance(10_001);
    const vault = createPool({ url: deps.url, applicationName: 'restarted', log: silentLog });
    const restarted = { ...deps, vault, refreshTokens: createRefreshTokens(Buffer.alloc(32, 5)) };
    await expect(use(refreshToken, restarted)).rejects.toEqual(invalid);
    await vault.end();
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('T-06 cuts the vault when the log is down, and tells of the outage', async () => {
    const { refreshToken } = await begin();
    await use(refreshToken);
    deps.clock.advance(10_001);
    jest.spyOn(deps.eventLog, 'append').mockRejectedValueOnce(new LogUnavailable());
    await expect(use(refreshToken)).rejects.toBeInstanceOf(LogUnavailable);
    expect(await sessionRows(deps)).toEqual([]);
    await expect(use(refreshToken)).rejects.toEqual(invalid);
  });

  it('T-04 ends a session not used for 14 days, and any after 30', async () => {
    const idle = await begin();
    let used = (await begin()).refreshToken;
    deps.clock.advance(14 * DAY_MS);
    await expect(use(idle.refreshToken)).rejects.toEqual(invalid);
    await expect(use(used)).rejects.toEqual(invalid);
    used = (await begin()).refreshToken;
    for (let day = 10; day < 30; day += 10) {
      deps.clock.advance(10 * DAY_MS);
      used = (await use(used)).refreshToken;
    }
    deps.clock.advance(10 * DAY_MS);
    await expect(use(used)).rejects.toEqual(invalid);
  });

  it.each(['SuspendUser', 'GrantRole'] as const)('T-08 after %s', async (type) => {
    const { refreshToken } = await begin();
    const asked = type === 'GrantRole' ? ({ type, role: 'admin' } as const) : { type };
    await command(deps, userId, asked);
    if (type === 'SuspendUser') await expect(use(refreshToken)).rejects.toEqual(invalid);
    else expect(await principalIn(deps, (await use(refreshToken)).accessToken)).toMatchObject({ epoch: 1n });
  });

  it('T-08 refuses to refresh the moment the account is no longer active, its sessions still there', async () => {
    const { refreshToken } = await begin();
    await deps.vault.query(`update account set status = 'suspended'`);
    await expect(use(refreshToken)).rejects.toEqual(invalid);
    expect(await sessionRows(deps)).toMatchObject([{ generation: 0 }]);
  });

  it('refuses a generation yet to come, as after the vault was restored, without ending the session', async () => {
    const { refreshToken } = await begin();
    const { sessionId = '' } = deps.refreshTokens.verify(refreshToken) ?? {};
    await expect(use(deps.refreshTokens.issue({ sessionId, generation: 7 }))).rejects.toEqual(invalid);
    expect(await sessionRows(deps)).toMatchObject([{ generation: 0 }]);
  });

  it('R-01 refuses a source that sends forged tokens, no other source and no good token', async () => {
    const numbers = {
      ...{ failuresPerAccountAndSource: 3, failuresPerAccount: 3, failuresPerSource: 100 },
      ...{ mailsPerAddressAndSource: 3, mailsPerAddress: 12, mailsPerSource: 60 },
    };
    const { refreshToken } = await begin();
    deps.limits = createCredentialLimits({ ...deps, numbers });
    const forged = refreshToken.replace(/.{5}$/, 'AAAAA');
    for (let guess = 0; guess < 3; guess += 1) await expect(use(forged)).rejects.toEqual(invalid);
    await expect(use(forged)).rejects.toEqual(refusal('too-many-attempts'));
    const elsewhere = { ...caller(), source: { ip: '192.0.2.8', userAgent: 'curl/8', bucket: '192.0.2.8' } };
    await expect(refresh(deps, forged, elsewhere)).rejects.toEqual(invalid);
    expect((await use(refreshToken)).tokenType).toBe('Bearer');
  });
});

describe('a live session', () => {
  const principal = async () => principalIn(deps, (await begin()).accessToken);

  it('T-08 is asked for its account, its epoch and its role', async () => {
    const who = await principal();
    await expect(liveCaller(deps, who)).resolves.toEqual(who);
    await expect(liveCaller(deps, who, 'admin')).rejects.toEqual(refusal('forbidden'));
    await command(deps, userId, { type: 'GrantRole', role: 'admin' });
    await expect(liveCaller(deps, who, 'admin')).rejects.toEqual(refusal('unauthenticated'));
    await expect(liveCaller(deps, { ...who, epoch: 1n }, 'admin')).resolves.toMatchObject({ userId: who.userId });
  });

  it('Z-02 is not lent to another user', async () => {
    const who = await principal();
    const other = await aUser(deps, 'eve@example.org');
    await expect(liveCaller(deps, { ...who, userId: other })).rejects.toEqual(refusal('unauthenticated'));
  });

  it('T-08 is dead the moment its user is suspended', async () => {
    const who = await principal();
    await command(deps, userId, { type: 'SuspendUser' });
    await expect(liveCaller(deps, who)).rejects.toEqual(refusal('unauthenticated'));
  });
});

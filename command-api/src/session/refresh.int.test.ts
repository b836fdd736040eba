import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { appendedEvents, confirmedUser, PASSWORD, requestOrigin } from '../../test/testCommands.js';
import { applyCommand, principalIn, sessionRows, type TestSessions, testSessions } from '../../test/testSessions.js';
import { PATIENT_POOL } from '../../test/testVault.js';
import { createCredentialLimits } from '../limits/credentialLimits.js';
import { login } from './login.js';
import { refresh } from './refresh.js';
import { createRefreshTokens } from './refreshTokens.js';

const ADA = 'ada@example.org';
const DAY_MS = 86_400_000;
const GRACE_MS = 30_000;
const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });
const invalid = refusal('refresh-token-invalid');

let deps: TestSessions;
let userId: string;
beforeEach(async () => {
  deps = await testSessions();
  userId = await confirmedUser(deps, ADA);
});
afterEach(() => deps.close());

const startSession = async () => (await login(deps, { email: ADA, password: PASSWORD }, requestOrigin())).body;
const use = (token: string, as: TestSessions = deps) => refresh(as, token, requestOrigin());
const revocations = async () => (await deps.vault.query('select session_id, epoch from revocation')).rows;

describe('refresh', () => {
  it('returns a new pair of tokens, whose refresh token can be used next', async () => {
    const { refreshToken } = await startSession();
    const next = await use(refreshToken);
    expect(next.refreshToken).not.toBe(refreshToken);
    expect((await principalIn(deps, next.accessToken)).userId).toBe(userId);
    expect((await use(next.refreshToken)).refreshToken).not.toBe(next.refreshToken);
  });

  it('T-05 gives 100 parallel uses of a token the same successor', async () => {
    for (let round = 0; round < faultRounds({ usual: 3, full: 1_000 }); round += 1) {
      const { refreshToken } = await startSession();
      const pairs = await Promise.all(Array.from({ length: 100 }, () => use(refreshToken)));
      expect(new Set(pairs.map((pair) => pair.refreshToken)).size).toBe(1);
      const claim = deps.refreshTokens.verify(refreshToken);
      const rows = await sessionRows(deps);
      expect(rows.find(({ id }) => id === claim?.sessionId)).toMatchObject({ generation: 1 });
    }
  });

  it('T-07 returns the same successor again during the grace period', async () => {
    const { refreshToken } = await startSession();
    const first = await use(refreshToken);
    deps.clock.advance(GRACE_MS);
    expect((await use(refreshToken)).refreshToken).toBe(first.refreshToken);
    expect(await sessionRows(deps)).toMatchObject([{ generation: 1 }]);
    expect((await use(first.refreshToken)).tokenType).toBe('Bearer');
  });

  it('T-07 takes the grace period from the configuration', async () => {
    const { refreshToken } = await startSession();
    await use(refreshToken);
    deps.clock.advance(5_001);
    await expect(use(refreshToken, { ...deps, refreshGraceSeconds: 5 })).rejects.toEqual(invalid);
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('T-07 changes nothing while the vault is down, and succeeds afterwards', async () => {
    const { refreshToken } = await startSession();
    const gone = createPool({ url: deps.url.replace(/:\d+\//, ':1/'), applicationName: 'gone', log: silentLog });
    await expect(use(refreshToken, { ...deps, vault: gone })).rejects.toThrow();
    await gone.end();
    expect((await use(refreshToken)).tokenType).toBe('Bearer');
  });

  it('T-06 ends the session when a token is used again after the grace period', async () => {
    const { refreshToken } = await startSession();
    const successor = await use(refreshToken);
    deps.clock.advance(GRACE_MS + 1);
    await expect(use(refreshToken)).rejects.toEqual(invalid);
    await expect(use(successor.refreshToken)).rejects.toEqual(invalid);
    expect(await sessionRows(deps)).toEqual([]);
    expect(appendedEvents(deps).at(-1)).toBe('signin SessionEnded');
    expect(deps.eventLog.events.at(-1)?.data).toMatchObject({ reason: 'reuse' });
    const { sessionId } = await principalIn(deps, successor.accessToken);
    expect(await revocations()).toEqual([{ session_id: sessionId, epoch: null }]);
  });

  it('T-06 ends the session when a token is used again after the clock was set back by more than clocks differ', async () => {
    const { refreshToken } = await startSession();
    const successor = await use(refreshToken);
    deps.clock.advance(-30_000);
    expect((await use(refreshToken)).refreshToken).toBe(successor.refreshToken);
    deps.clock.advance(-1);
    await expect(use(refreshToken)).rejects.toEqual(invalid);
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('T-06 ends the session at once when a token two generations old is used', async () => {
    const { refreshToken } = await startSession();
    await use((await use(refreshToken)).refreshToken);
    await expect(use(refreshToken)).rejects.toEqual(invalid);
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('T-06 detects a token used again after a restart', async () => {
    const { refreshToken } = await startSession();
    await use(refreshToken);
    deps.clock.advance(GRACE_MS + 1);
    const vault = createPool({ url: deps.url, applicationName: 'restarted', ...PATIENT_POOL, log: silentLog });
    const restarted = { ...deps, vault, refreshTokens: createRefreshTokens(Buffer.alloc(32, 5)) };
    await expect(use(refreshToken, restarted)).rejects.toEqual(invalid);
    await vault.end();
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('T-06 revokes the session while the log is down, and throws LogUnavailable', async () => {
    const { refreshToken } = await startSession();
    await use(refreshToken);
    deps.clock.advance(GRACE_MS + 1);
    jest.spyOn(deps.eventLog, 'append').mockRejectedValueOnce(new LogUnavailable());
    await expect(use(refreshToken)).rejects.toBeInstanceOf(LogUnavailable);
    expect(await sessionRows(deps)).toEqual([]);
    await expect(use(refreshToken)).rejects.toEqual(invalid);
  });

  it('T-04 ends a session that is not used for 14 days, and any session after 30 days', async () => {
    const idle = await startSession();
    let used = (await startSession()).refreshToken;
    deps.clock.advance(14 * DAY_MS);
    await expect(use(idle.refreshToken)).rejects.toEqual(invalid);
    await expect(use(used)).rejects.toEqual(invalid);
    used = (await startSession()).refreshToken;
    for (let day = 10; day < 30; day += 10) {
      deps.clock.advance(10 * DAY_MS);
      used = (await use(used)).refreshToken;
    }
    deps.clock.advance(10 * DAY_MS);
    await expect(use(used)).rejects.toEqual(invalid);
  });

  it.each(['SuspendUser', 'GrantRole'] as const)('T-08 takes effect after %s', async (type) => {
    const { refreshToken } = await startSession();
    const change = type === 'GrantRole' ? ({ type, role: 'admin' } as const) : { type };
    await applyCommand(deps, userId, change);
    if (type === 'SuspendUser') await expect(use(refreshToken)).rejects.toEqual(invalid);
    else expect(await principalIn(deps, (await use(refreshToken)).accessToken)).toMatchObject({ epoch: 1n });
  });

  it('T-08 refuses to refresh once the account is not active, even while its sessions exist', async () => {
    const { refreshToken } = await startSession();
    await deps.vault.query(`update account set status = 'suspended'`);
    await expect(use(refreshToken)).rejects.toEqual(invalid);
    expect(await sessionRows(deps)).toMatchObject([{ generation: 0 }]);
  });

  it('refuses a higher generation, as after a restore of the vault, without ending the session', async () => {
    const { refreshToken } = await startSession();
    const { sessionId = '' } = deps.refreshTokens.verify(refreshToken) ?? {};
    await expect(use(deps.refreshTokens.issue({ sessionId, generation: 7 }))).rejects.toEqual(invalid);
    expect(await sessionRows(deps)).toMatchObject([{ generation: 0 }]);
  });

  it('R-01 limits a source that sends forged tokens, but no other source and no valid token', async () => {
    const settings = {
      ...{ failuresPerAccountAndSource: 3, failuresPerAccount: 3, failuresPerSource: 100 },
      ...{ mailsPerAddressAndSource: 3, mailsPerAddress: 12, mailsPerSource: 60 },
    };
    const { refreshToken } = await startSession();
    deps.limits = createCredentialLimits({ ...deps, settings });
    const forged = refreshToken.replace(/.{5}$/, 'AAAAA');
    for (let guess = 0; guess < 3; guess += 1) await expect(use(forged)).rejects.toEqual(invalid);
    await expect(use(forged)).rejects.toEqual(refusal('too-many-attempts'));
    const elsewhere = { ...requestOrigin(), source: { ip: '192.0.2.8', userAgent: 'curl/8', bucket: '192.0.2.8' } };
    await expect(refresh(deps, forged, elsewhere)).rejects.toEqual(invalid);
    expect((await use(refreshToken)).tokenType).toBe('Bearer');
  });
});

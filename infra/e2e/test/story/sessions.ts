import { expect } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { slugOf } from '../apiClient.js';
import { type Chapter, logIn, type Told } from './told.js';

const refreshBy = ({ client }: Told, method: 'GET' | 'POST', refreshToken: string) =>
  method === 'GET'
    ? client.ask('GET', '/auth/refresh', { token: refreshToken })
    : client.ask('POST', '/auth/refresh', { body: { refreshToken } });

const rotating: Chapter = {
  tells: 'T-07 rotates refresh tokens by POST and GET, gives a lost answer again, and lets the session live',
  tell: async (told) => {
    const { client, ada } = told;
    for (const method of ['POST', 'GET'] as const) {
      const used = ada.refreshToken;
      const rotated = await refreshBy(told, method, used);
      expect([rotated.status, rotated.headers.get('cache-control')]).toEqual([200, 'no-store']);
      const repeated = await refreshBy(told, method, used);
      expect([repeated.status, repeated.json.refreshToken]).toEqual([200, rotated.json.refreshToken]);
      expect((await client.ask('GET', '/user', { token: rotated.json.accessToken })).status).toBe(200);
      Object.assign(ada, { accessToken: rotated.json.accessToken, refreshToken: rotated.json.refreshToken });
    }
  },
};

/** Rotates twice, so that the first token is one no honest client would send again. */
const rotatedTwice: Chapter = {
  tells: 'T-05 gives each refresh token one successor, which is the next one used',
  tell: async (told) => {
    const { ada } = told;
    for (let time = 0; time < 2; time += 1) {
      const { json } = await refreshBy(told, 'POST', ada.refreshToken);
      if (time === 0) told.rotatedAway = ada.refreshToken;
      expect(json.refreshToken).not.toBe(ada.refreshToken);
      Object.assign(ada, { accessToken: json.accessToken, refreshToken: json.refreshToken });
    }
  },
};

const reusing: Chapter = {
  tells: 'T-06 ends the session of a refresh token that was rotated away, whoever presents it',
  tell: async (told) => {
    const { client, ada } = told;
    const reused = await refreshBy(told, 'GET', told.rotatedAway);
    expect([reused.status, slugOf(reused)]).toEqual([401, 'refresh-token-invalid']);
    expect((await refreshBy(told, 'POST', ada.refreshToken)).status).toBe(401);
    expect((await client.ask('PUT', '/user', { token: ada.accessToken, body: { name: 'Eve' } })).status).toBe(401);
    await until(async () => (await client.ask('GET', '/user', { token: ada.accessToken })).status === 401);
    await logIn(told, ada);
  },
};

const leaving: Chapter = {
  tells:
    'T-08 logs out: the tokens of this session are dead at once on commands and soon on reads, those of another live on',
  tell: async (told) => {
    const { client, ada } = told;
    const { accessToken: token, refreshToken } = ada;
    await logIn(told, ada);
    const out = await client.ask('POST', '/auth/logout', { token });
    expect([out.status, out.text]).toEqual([204, '']);
    expect((await client.ask('PUT', '/user', { token, body: { name: 'Eve' } })).status).toBe(401);
    await until(async () => (await client.ask('GET', '/user', { token })).status === 401);
    expect((await refreshBy(told, 'POST', refreshToken)).status).toBe(401);
    expect((await client.ask('GET', '/user', { token: ada.accessToken })).status).toBe(200);
  },
};

export const sessionsGoingOn: readonly Chapter[] = [rotating, rotatedTwice];
export const sessionsEnding: readonly Chapter[] = [reusing, leaving];

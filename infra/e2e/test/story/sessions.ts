import { expect } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { slugOf } from '../apiClient.js';
import { logIn, type Step, type Story } from './story.js';

const refreshWith = ({ client }: Story, method: 'GET' | 'POST', refreshToken: string) =>
  method === 'GET'
    ? client.ask('GET', '/auth/refresh', { token: refreshToken })
    : client.ask('POST', '/auth/refresh', { body: { refreshToken } });

const rotation: Step = {
  title:
    'T-07 rotates refresh tokens with POST and GET, repeats the answer for a repeated token, and keeps the session',
  run: async (story) => {
    const { client, ada } = story;
    for (const method of ['POST', 'GET'] as const) {
      const used = ada.refreshToken;
      const rotated = await refreshWith(story, method, used);
      expect([rotated.status, rotated.headers.get('cache-control')]).toEqual([200, 'no-store']);
      const repeated = await refreshWith(story, method, used);
      expect([repeated.status, repeated.json.refreshToken]).toEqual([200, rotated.json.refreshToken]);
      expect((await client.ask('GET', '/user', { token: rotated.json.accessToken })).status).toBe(200);
      Object.assign(ada, { accessToken: rotated.json.accessToken, refreshToken: rotated.json.refreshToken });
    }
  },
};

/** Rotates twice, so that the first token is no longer accepted as a repeat. */
const secondRotation: Step = {
  title: 'T-05 gives each refresh token one successor, which the next refresh uses',
  run: async (story) => {
    const { ada } = story;
    for (let round = 0; round < 2; round += 1) {
      const { json } = await refreshWith(story, 'POST', ada.refreshToken);
      if (round === 0) story.rotatedRefreshToken = ada.refreshToken;
      expect(json.refreshToken).not.toBe(ada.refreshToken);
      Object.assign(ada, { accessToken: json.accessToken, refreshToken: json.refreshToken });
    }
  },
};

const reuse: Step = {
  title: 'T-06 ends the session when a refresh token that was rotated is used again',
  run: async (story) => {
    const { client, ada } = story;
    const reused = await refreshWith(story, 'GET', story.rotatedRefreshToken);
    expect([reused.status, slugOf(reused)]).toEqual([401, 'refresh-token-invalid']);
    expect((await refreshWith(story, 'POST', ada.refreshToken)).status).toBe(401);
    expect((await client.ask('PUT', '/user', { token: ada.accessToken, body: { name: 'Eve' } })).status).toBe(401);
    await until(async () => (await client.ask('GET', '/user', { token: ada.accessToken })).status === 401);
    await logIn(story, ada);
  },
};

const logout: Step = {
  title:
    'T-08 logout invalidates the tokens of its session at once for commands and soon for reads, and of no other session',
  run: async (story) => {
    const { client, ada } = story;
    const { accessToken: token, refreshToken } = ada;
    await logIn(story, ada);
    const out = await client.ask('POST', '/auth/logout', { token });
    expect([out.status, out.text]).toEqual([204, '']);
    expect((await client.ask('PUT', '/user', { token, body: { name: 'Eve' } })).status).toBe(401);
    await until(async () => (await client.ask('GET', '/user', { token })).status === 401);
    expect((await refreshWith(story, 'POST', refreshToken)).status).toBe(401);
    expect((await client.ask('GET', '/user', { token: ada.accessToken })).status).toBe(200);
  },
};

const logoutByRefreshToken: Step = {
  title: 'T-08 logout takes the refresh token when the access token is missing or has expired',
  run: async (story) => {
    const { client, ada } = story;
    const { accessToken, refreshToken } = ada;
    await logIn(story, ada);
    const out = await client.ask('POST', '/auth/logout', { token: 'expired', body: { refreshToken } });
    expect([out.status, out.text]).toEqual([204, '']);
    expect((await client.ask('PUT', '/user', { token: accessToken, body: { name: 'Eve' } })).status).toBe(401);
    expect((await client.ask('POST', '/auth/logout', { body: { refreshToken } })).status).toBe(401);
  },
};

const ownSessions: Step = {
  title: 'T-11 lists the sessions of a user, and ends one or all others of them with the password',
  run: async (story) => {
    const { client, ada } = story;
    const { accessToken: token } = ada;
    const ids = [];
    for (let session = 0; session < 2; session += 1) {
      await logIn(story, ada);
      const { status, json } = await client.ask('GET', '/user/sessions', { token: ada.accessToken });
      expect([status, json.items[0].current]).toEqual([200, true]);
      ids.push(json.items[0].id);
    }
    const current = ada.accessToken;
    const end = (path: string, password: string) =>
      client.ask('POST', `/user/sessions/${path}`, { token: current, body: { password } });
    const wrong = await end('end', 'not the right password');
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    expect((await end(`${ids[0]}/end`, ada.password)).status).toBe(204);
    const again = await end(`${ids[0]}/end`, ada.password);
    expect([again.status, slugOf(again)]).toEqual([404, 'not-found']);
    expect((await end('end', ada.password)).status).toBe(204);
    await until(async () => (await client.ask('GET', '/user', { token })).status === 401);
    const left = await client.ask('GET', '/user/sessions', { token: current });
    expect(left.json.items).toMatchObject([{ id: ids[1], current: true }]);
    expect((await client.ask('GET', '/user/sessions', { token })).status).toBe(401);
  },
};

export const refreshSteps: readonly Step[] = [rotation, secondRotation];
export const sessionEndSteps: readonly Step[] = [reuse, logout, logoutByRefreshToken, ownSessions];

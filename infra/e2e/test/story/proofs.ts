import { expect } from '@jest/globals';
import type { HttpAnswer } from '../../../kit/test/ask.js';
import { until } from '../../../kit/test/until.js';
import { slugOf } from '../apiClient.js';
import type { Step } from './story.js';

const UNKNOWN = '0b4a7d0e-0b5c-4a9e-8f4e-0d6c7a1b2c3d';

interface ProvedEvents {
  checkpoint: string;
  events: { index: number; event: { id: string; stream: string; revision: number } }[];
}

const proofs: Step = {
  title: 'G-07 proves histories, single events and the growth of the log with signed checkpoints',
  run: async ({ client, ada, grace }) => {
    const token = grace.accessToken;
    const get = (path: string, by = token) => client.ask('GET', path, { token: by });
    /** The notary signs a moment after the events. */
    const signed = async (path: string, by = token): Promise<HttpAnswer> => {
      let answer = await get(path, by);
      await until(async () => {
        if (answer.status === 503) answer = await get(path, by);
        return answer.status !== 503;
      });
      return answer;
    };

    const own = await signed('/user/history/proof', ada.accessToken);
    const { checkpoint, events } = own.json as ProvedEvents;
    expect(own.status).toBe(200);
    expect(checkpoint).toMatch(/^ums\/\S+\n\d+\n\S+\nums-expirable \d+\n\n— ums\//);
    const ofUser = events.filter(({ event }) => event.stream === `user-${ada.id}`);
    expect(ofUser.map(({ event }) => event.revision)).toEqual(ofUser.map((_, index) => index));
    expect(own.text).not.toContain(ada.email);
    expect((await client.ask('GET', '/user/history/proof')).status).toBe(401);

    const { json } = await signed(`/users/${ada.id}/history/proof`);
    expect((json as ProvedEvents).events.slice(0, ofUser.length)).toMatchObject(ofUser.map(({ event }) => ({ event })));
    const byAda = await get(`/users/${grace.id}/history/proof`, ada.accessToken);
    expect([byAda.status, slugOf(byAda)]).toEqual([403, 'forbidden']);

    const [{ event } = { event: { id: UNKNOWN } }] = ofUser;
    expect((await signed(`/audit/proof?event=${event.id}`)).json).toMatchObject({
      event: event.id,
      index: ofUser[0]?.index,
    });
    const unknown = await signed(`/audit/proof?event=${UNKNOWN}`);
    expect([unknown.status, slugOf(unknown)]).toEqual([404, 'not-found']);

    const latest = await signed('/audit/checkpoint');
    expect([latest.status, latest.text.split('\n')[0]]).toEqual([200, checkpoint.split('\n')[0]]);
    expect((await get('/audit/checkpoint', ada.accessToken)).status).toBe(403);
    const size = Number(latest.text.split('\n')[1]);
    expect((await signed(`/audit/consistency?from=1&to=${size}`)).json).toMatchObject({ from: 1, to: size });
    const reversed = await signed(`/audit/consistency?from=${size}&to=1`);
    expect([reversed.status, slugOf(reversed)]).toEqual([400, 'validation-failed']);
  },
};

export const proofSteps: readonly Step[] = [proofs];

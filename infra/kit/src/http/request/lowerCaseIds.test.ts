import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Router } from 'express';
import { startTestHost, type TestHost } from '../../../test/testHost.js';

const ID = '0199c0de-0000-4000-8000-00000000abcd';

let host: TestHost;

beforeEach(async () => {
  const routes = Router();
  routes.get('/users/:id', ({ params, url }, response) => void response.json({ ...params, url }));
  host = await startTestHost({}, routes);
});

afterEach(() => host.close());

describe('lowerCaseIds', () => {
  it.each([ID, ID.toUpperCase(), ID.replace('abcd', 'AbCd')])(
    'accepts the id %s and passes it on in lower case',
    async (id) => {
      const answer = await host.call(`/api/v1/users/${id}`);
      expect(await answer.json()).toEqual({ id: ID, url: `/users/${ID}` });
    },
  );

  it.each(['ABC', `${ID.toUpperCase()}0`, ID.toUpperCase().replaceAll('-', '')])('leaves %s as it is', async (id) => {
    expect(await (await host.call(`/api/v1/users/${id}`)).json()).toMatchObject({ id });
  });

  it('accepts ids in upper case as values of the query', async () => {
    const answer = await host.call(`/api/v1/users/${ID}?a=${ID.toUpperCase()}&b=${ID.toUpperCase()}&c=ABC`);
    expect(await answer.json()).toMatchObject({ url: `/users/${ID}?a=${ID}&b=${ID}&c=ABC` });
  });

  it('leaves the rest of the query as it is', async () => {
    const { url } = (await (await host.call(`/api/v1/users/${ID.toUpperCase()}?a=/${ID.toUpperCase()}?B`)).json()) as {
      url: string;
    };
    expect(url).toBe(`/users/${ID}?a=/${ID.toUpperCase()}?B`);
  });
});

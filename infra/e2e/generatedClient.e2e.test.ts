import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API_PREFIX } from '@ums/contracts/routes';
import { picture as portrait } from '../../notifier/test/pictures/samplePictures.js';
import { until } from '../kit/test/until.js';
import { generatedClient } from './test/generated-client/client.js';
import { compileFaults } from './test/generated-client/compileFaults.js';
import { linkOf, nthMail } from './test/inbox.js';
import { spawnProgram } from './test/spawnProgram.js';
import { startWholeService, type WholeService } from './test/startWholeService.js';

const PASSWORD = 'nine quiet boats at noon';
const EMAIL = 'ada@example.org';
const PICTURE = new Blob([new Uint8Array(portrait)], { type: 'image/jpeg' });

let folder: string;
let service: WholeService;
let client: ReturnType<typeof generatedClient>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-generated-'));
  service = await startWholeService(join(folder, 'data'));
  client = generatedClient(`${service.api}${API_PREFIX}`);
}, 300_000);
afterAll(async () => {
  await service.process.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

/** Repeats a request until its answer is not 503. */
const untilServed = async <A extends { response: Response }>(send: () => Promise<A>): Promise<A> => {
  let answer = await send();
  await until(async () => {
    if (answer.response.status === 503) answer = await send();
    return answer.response.status !== 503;
  });
  return answer;
};

const mailedTo = async (email: string) => linkOf(await nthMail(service.inbox, email, 1)).token;

describe('a client that is generated from the OpenAPI document', () => {
  it('compiles', () => {
    expect(compileFaults()).toEqual([]);
  }, 180_000);

  it.each([
    ['a field of another type', 'body: { name } }', 'body: { name: 5 } }'],
    ['a body without a field', 'body: { email, name, password } }', 'body: { email, name } }'],
    ['an unknown field of an answer', 'answer.data?.accessToken', 'answer.data?.token'],
    ['an unknown path', "client.GET('/user'", "client.GET('/usr'"],
    ['a parameter of another type', 'limit: 10', "limit: '10'"],
    ['a path without its parameter', 'params: { path: { id } },', ''],
  ])(
    'does not compile with %s',
    (_, right, wrong) => {
      const faults = compileFaults((text) => {
        expect(text).toContain(right);
        return text.replace(right, wrong);
      });
      expect(faults).not.toEqual([]);
    },
    180_000,
  );

  it('registers, confirms and logs in', async () => {
    const { data, response } = await client.register(EMAIL, 'Ada Lovelace', PASSWORD);
    expect([response.status, data]).toEqual([202, { status: 'confirmation-sent' }]);
    const confirmed = await client.confirm(await mailedTo(EMAIL), PASSWORD);
    expect(confirmed.data).toEqual({ status: 'confirmed' });
    expect((await client.logIn(EMAIL, PASSWORD)).data?.tokenType).toBe('Bearer');
  });

  it('changes a user in JSON, and reads the change', async () => {
    const { response } = await client.logIn(EMAIL, PASSWORD);
    const before = await client.readUser(response.headers.get('x-consistency-token'));
    const etag = before.response.headers.get('etag') ?? '';
    const renamed = await client.rename('Ada King', etag);
    expect([renamed.response.status, renamed.data?.name]).toEqual([200, 'Ada King']);
    const stale = await client.rename('Ada Byron', etag);
    expect([stale.response.status, stale.error?.title]).toEqual([412, expect.any(String)]);
    const after = await client.readUser(renamed.response.headers.get('x-consistency-token'));
    expect(after.data?.name).toBe('Ada King');
  });

  it('sends a picture as a form, with the change of a user and with a registration, and removes it', async () => {
    // The object storage may not answer in time on a busy machine.
    const sent = await untilServed(() => client.sendPicture(PICTURE, 'Countess Ada'));
    expect([sent.response.status, sent.data?.name, sent.data?.picture?.status]).toEqual([
      ...[202, 'Countess Ada', 'processing'],
    ]);
    await until(async () => (await client.readUser()).data?.picture?.status === 'ready');
    const { data } = await client.readUser();
    expect((await fetch(data?.picture?.urls['64'] ?? '')).headers.get('content-type')).toBe('image/webp');
    expect((await client.removePicture()).data?.picture).toBeNull();

    const person = { email: 'grace@example.org', name: 'Grace Hopper', password: PASSWORD };
    const registered = await untilServed(() => client.registerWithPicture(person, PICTURE));
    expect(registered.response.status).toBe(202);
    await client.confirm(await mailedTo(person.email), PASSWORD);
    await client.logIn(person.email, PASSWORD);
    await until(async () => (await client.readUser()).data?.picture?.status === 'ready');
  }, 300_000);

  it('lists users and suspends one, as an administrator', async () => {
    const forbidden = await client.searchUsers('ada');
    expect([forbidden.response.status, forbidden.error?.status]).toEqual([403, 403]);
    const appointing = spawnProgram('infra/commands/dist/admin/main.js', { DATA_DIR: service.dataDir }, [
      'grace@example.org',
    ]);
    expect(await appointing.ended).toBe(0);
    await client.logIn('grace@example.org', PASSWORD);
    const { data } = await client.searchUsers('countess');
    expect(data?.items.map(({ email }) => email)).toEqual([EMAIL]);
    const suspended = await client.suspend(data?.items[0]?.id ?? '', 'Sends advertising');
    expect([suspended.response.status, suspended.data?.status]).toEqual([200, 'suspended']);
  });
});

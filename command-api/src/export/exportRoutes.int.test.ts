import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { silentLog } from '@ums/kit/log';
import { execute } from '../../../infra/embedded/test/postgres.js';
import { until } from '../../../infra/kit/test/until.js';
import { appointFirstAdministrator, PASSWORD, PATIENT_LOG } from '../../test/testApi.js';
import { type TestExports, testExports } from '../../test/testExports.js';

interface Person {
  id: string;
  email: string;
  token: string;
}

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('canary upload of ada')]);

let world: TestExports;
let root: Person;
let mel: Person;
let ada: Person;
beforeAll(async () => {
  world = await testExports();
  root = await newPerson('root');
  await appointFirstAdministrator(world.api, root.email);
  root = await logIn(root.email, 'canary browser of root');
  mel = await newPerson('mel');
  await post(
    root,
    `/users/${mel.id}/roles`,
    { roles: ['user', 'auditor'], reason: 'Audits', password: PASSWORD },
    'PUT',
  );
  mel = await logIn(mel.email);
}, 180_000);
beforeEach(async () => {
  ada = await newPerson('ada');
});
afterAll(() => world.close());

const ask: TestExports['api']['ask'] = (...asked) => world.api.ask(...asked);

const post = async ({ token }: Pick<Person, 'token'>, path: string, body: object, method = 'POST') => {
  const answer = await ask(method, path, { token, body });
  expect([path, answer.status < 300 ? 'done' : answer.json]).toEqual([path, 'done']);
  return answer;
};

const logIn = async (email: string, userAgent = `canary browser of ${email}`): Promise<Person> => {
  const headers = { 'user-agent': userAgent };
  const { json } = await ask('POST', '/auth/login', { body: { email, password: PASSWORD }, headers });
  return { id: json.user.id, email, token: json.accessToken };
};

/** A user whose address, name and browser hold the word. */
const newPerson = async (word: string): Promise<Person> => {
  const email = `canary.${word}.${randomUUID().slice(0, 8)}@example.org`;
  const body = { email, name: `Canary ${word}`, password: PASSWORD };
  await ask('POST', '/auth/register', { body, headers: { 'accept-language': 'de' } });
  const token = await world.api.mailedToken(email);
  await ask('POST', '/auth/confirm', { body: { token, password: PASSWORD } });
  return logIn(email);
};

const exportOwn = ({ token }: Person, password = PASSWORD) => world.ask('/user/export', token, { password });
const exportOf = (userId: string, by: Person, grant: string) =>
  world.ask(`/users/${userId}/export`, by.token, { password: PASSWORD, grant });
const openGrant = async (by: Person, userId: string, decidedBy: Person): Promise<string> => {
  const asked = await post(by, '/audit/grants', { userId, purpose: 'By letter', minutes: 60, password: PASSWORD });
  await post(decidedBy, `/audit/grants/${asked.json.id}/decision`, { decision: 'approve', password: PASSWORD });
  return asked.json.id;
};
const readsOf = async (userId: string) => {
  const eventLog = connectEventLog({ url: world.api.config.EVENTSTORE_URL, ...PATIENT_LOG, log: silentLog });
  const events = await eventLog.readStream(`access-${userId}`).finally(() => eventLog.close());
  return events.map(({ data, metadata }) => ({ ...(data as object), by: (metadata as { actor: object }).actor }));
};
const addMail = (eventId: string, about: string, state: string, template: string) =>
  world.users.query(
    `insert into notifier.mail (event_id, about, state, template, reason, lease, lease_until)
     values ($1, $2, $3, $4, 'a reason', gen_random_uuid(), now())`,
    [eventId, about, state, template],
  );
const linesOf = (text: string | undefined) =>
  (text ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** Whether an answer ends as it should. */
const isComplete = (answer: IncomingMessage): Promise<boolean> =>
  buffer(answer).then(
    () => answer.complete,
    () => false,
  );

describe('POST /user/export', () => {
  it('G-06 holds every field that the user ever sent, in clear, and nothing of anybody else', async () => {
    const eve = await newPerson('eve');
    const upload = new FormData();
    upload.set('picture', new Blob([PNG]), 'portrait.png');
    await ask('PUT', '/user', { token: ada.token, body: upload });
    const sent = ['Canary second name', 'Canary third name'];
    for (const name of sent) await post(ada, '/user', { name, locale: 'de' }, 'PUT');
    const newAddress = `canary.new.${randomUUID().slice(0, 8)}@example.org`;
    await post(ada, '/user', { email: newAddress, password: PASSWORD }, 'PUT');
    for (const name of ['Canary name of eve', 'Canary other of eve']) await post(eve, '/user', { name }, 'PUT');
    await post(root, `/users/${ada.id}/suspension`, { reason: 'Canary reason about ada' });
    await post(root, `/users/${ada.id}/suspension/end`, { reason: 'Canary end about ada' });
    await post(root, `/users/${eve.id}/suspension`, { reason: 'Canary reason about eve' });
    ada = await logIn(ada.email, 'canary second browser');
    await world.sign();

    const { status, headers, files, all } = await exportOwn(ada);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect(headers.get('content-disposition')).toBe('attachment; filename="export.zip"');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(files).sort()).toEqual([
      ...['README.txt', 'history-proof.json', 'history.ndjson', 'mails.ndjson', 'pictures/upload-1', 'profile.json'],
      ...['roles-and-consents.json', 'sessions.json'],
    ]);
    const history = files['history.ndjson'] ?? '';
    const ofAda = [
      ada.email,
      'Canary ada',
      ...sent,
      newAddress,
      `canary browser of ${ada.email}`,
      'canary second browser',
    ];
    for (const canary of [...ofAda, 'Canary reason about ada', 'Canary end about ada', '"de"', '127.0.0.1'])
      expect([canary, history.includes(canary)]).toEqual([canary, true]);
    expect(files['pictures/upload-1']).toContain('canary upload of ada');
    const isOfOthers = (text: string) => /canary[^"\n]*(eve|root|mel)\b/i.test(text);
    expect(isOfOthers(all.replaceAll('Canary reason about ada', ''))).toBe(false);
    for (const trace of [eve.id, eve.email, root.email, PASSWORD, '$2b$'])
      expect([trace, all.includes(trace)]).toEqual([trace, false]);
    expect(files['README.txt']).toMatch(/^Ihre Daten bei /);

    const profile = JSON.parse(files['profile.json'] ?? '');
    expect(profile).toMatchObject({
      ...{ id: ada.id, email: ada.email, name: 'Canary third name', locale: 'de', status: 'active' },
      picture: { status: 'processing' },
    });
    expect(JSON.parse(files['roles-and-consents.json'] ?? '')).toEqual({
      ...{ roles: ['user'], consents: [] },
      changes: [expect.objectContaining({ role: 'user', change: 'granted' })],
    });
    const { sessions } = JSON.parse(files['sessions.json'] ?? '');
    expect(sessions).toHaveLength(1);
    const lines = linesOf(history);
    const revisions = lines.filter(({ stream }) => stream === 'user').map(({ revision }) => revision);
    expect(revisions).toEqual(revisions.map((_, index) => index));
    expect(profile.revision).toBe(revisions.at(-1));
    expect(lines.at(-1)).toMatchObject({
      stream: 'access',
      read: { asked: 'export' },
      actor: { kind: 'user', id: ada.id },
    });
    const proof = JSON.parse(files['history-proof.json'] ?? '');
    expect(proof.format).toBe('ums-history-proof.v1');
    const stored = lines.filter(({ stream }) => stream !== 'access').map(({ eventId }) => eventId);
    expect(proof.events.map(({ event }: { event: { id: string } }) => event.id).sort()).toEqual(stored.sort());
  });

  it('E-03 lists the mails to the user, and does not tell which address belongs to somebody', async () => {
    const { rows } = await world.api.vault.query<{ registration_id: string }>(
      'select registration_id from account where user_id = $1',
      [ada.id],
    );
    const registrationId = String(rows[0]?.registration_id);
    const wanted = (await newPerson('owner')).email;
    await post(ada, '/user', { email: wanted, password: PASSWORD }, 'PUT');
    const free = `free.${randomUUID().slice(0, 8)}@example.org`;
    await post(ada, '/user', { email: free, password: PASSWORD }, 'PUT');
    const eventLog = connectEventLog({ url: world.api.config.EVENTSTORE_URL, ...PATIENT_LOG, log: silentLog });
    const events = await eventLog.readStream(`user-${ada.id}`).finally(() => eventLog.close());
    const [requested, second] = events.filter(({ type }) => type === 'EmailChangeRequested');
    const changeOf = (event = requested): string =>
      String((event?.data as { changeId?: string } | undefined)?.changeId);
    await addMail(randomUUID(), registrationId, 'sent', 'confirmation');
    await addMail(String(requested?.id), changeOf(), 'skipped', 'emailTaken');
    await addMail(String(second?.id), changeOf(second), 'sent', 'emailChange');
    await addMail(String(requested?.id), ada.id, 'dead', 'emailChangeNotice');
    await addMail(String(events[0]?.id), ada.id, 'unknown', 'another');
    await addMail(randomUUID(), randomUUID(), 'sent', 'confirmation');
    await world.sign();

    const { files, all } = await exportOwn(ada);
    const at = expect.any(String);
    const mails = linesOf(files['mails.ndjson']);
    expect(mails.slice(0, 1)).toEqual([
      { purpose: 'registration-confirmation', address: ada.email, state: 'sent', at },
    ]);
    expect(mails.slice(1)).toHaveLength(4);
    expect(mails.slice(1)).toEqual(
      expect.arrayContaining([
        ...[wanted, free].map((address) => ({
          ...{ purpose: 'email-change-confirmation', address, state: null, at: null },
        })),
        { purpose: 'email-change-notice', address: ada.email, state: 'dead', at },
        { purpose: 'other', address: null, state: 'unknown', at },
      ]),
    );
    expect(all).not.toMatch(/taken|a reason/i);
  });

  it('T-11 R-10 needs the password, and is sent once a day', async () => {
    await world.sign();
    const wrong = await exportOwn(ada, 'not the right password');
    expect([wrong.status, wrong.slug]).toEqual([403, 'password-invalid']);
    expect((await exportOwn(ada)).status).toBe(200);
    const again = await exportOwn(ada);
    expect([again.status, again.slug]).toEqual([429, 'too-many-attempts']);
    const seconds = Number(again.headers.get('retry-after'));
    expect(seconds > 0 && seconds <= 86_400).toBe(true);
  });

  it('R-10 is sent once only to parallel requests', async () => {
    await world.sign();
    const answers = await Promise.all(Array.from({ length: 3 }, () => exportOwn(ada)));
    const statuses = answers.map(({ status }) => status).filter((status) => status !== 503);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  it('R-10 leaves the turn of the day to a user whose export could not begin', async () => {
    const unsigned = await exportOwn(ada);
    expect([unsigned.status, unsigned.slug, unsigned.headers.get('retry-after')]).toEqual([
      503,
      'not-signed-yet',
      '60',
    ]);
    await world.sign();
    for (const proxy of [world.usersProxy, world.s3Proxy]) {
      await proxy.set('refuse');
      const down = await exportOwn(ada);
      expect([down.status, down.slug]).toEqual([503, 'dependency-unavailable']);
      await proxy.set('pass');
    }
    await until(async () => (await exportOwn(ada)).status === 200);
    expect(await readsOf(ada.id)).toEqual([expect.objectContaining({ asked: 'export', reads: 1 })]);
  });

  it('G-01 does not say that a user is gone whose data key was lost', async () => {
    await world.sign();
    await execute(world.api.config.VAULT_DATABASE_URL, `delete from data_key where subject = '${ada.id}'`);
    expect(await exportOwn(ada)).toMatchObject({ status: 500, slug: 'internal-error' });
  });

  it('R-10 is sent to two clients at a time: a third gets 503 until one disconnects', async () => {
    const people = [ada, await newPerson('bea'), await newPerson('cleo')];
    for (const { id } of people) await world.addLargeUploads(id);
    await world.sign();
    const [first, second] = [
      await world.open('/user/export', String(people[0]?.token), { password: PASSWORD }),
      await world.open('/user/export', String(people[1]?.token), { password: PASSWORD }),
    ];
    const third = people[2] as Person;
    const busy = await exportOwn(third);
    expect([busy.status, busy.slug, busy.headers.get('retry-after')]).toEqual([503, 'busy', '10']);
    first.destroy();
    await until(async () => (await exportOwn(third)).status === 200);
    expect(await isComplete(second)).toBe(true);
  });

  it('G-06 F-16 breaks off, with no end that a reader could take for the end, when what it reads is lost', async () => {
    await world.addLargeUploads(ada.id);
    await world.sign();
    const answer = await world.open('/user/export', ada.token, { password: PASSWORD });
    await once(answer, 'readable');
    await world.usersProxy.set('refuse');
    expect(await isComplete(answer)).toBe(false);
    await world.usersProxy.set('pass');
    const other = await newPerson('dora');
    await world.sign();
    await until(async () => (await exportOwn(other)).status === 200);
  });

  it('T-08 is refused without a session, and once the user is suspended or erased', async () => {
    await world.sign();
    const refused = async (token: string) => {
      const { status, slug } = await world.ask('/user/export', token, { password: PASSWORD });
      return [status, slug];
    };
    expect(await refused('none')).toEqual([401, 'unauthenticated']);
    await post(root, `/users/${ada.id}/suspension`, { reason: 'Ticket 4711' });
    expect(await refused(ada.token)).toEqual([401, 'unauthenticated']);
    const gone = await newPerson('gone');
    await post(gone, '/user/erasure', { password: PASSWORD });
    expect(await refused(gone.token)).toEqual([401, 'unauthenticated']);
  });
});

describe('POST /users/{id}/export', () => {
  it('Z-09 is sent to an administrator under an open grant, also of a suspended user, who sees that later', async () => {
    await post(root, `/users/${ada.id}/suspension`, { reason: 'Ticket 4711' });
    const grant = await openGrant(root, ada.id, mel);
    await world.sign();
    const { status, files, all } = await exportOf(ada.id, root, grant.toUpperCase());
    expect(status).toBe(200);
    expect(JSON.parse(files['profile.json'] ?? '')).toMatchObject({
      id: ada.id,
      email: ada.email,
      status: 'suspended',
    });
    expect(all).not.toContain(root.email);
    const by = { kind: 'admin', id: root.id };
    expect(await readsOf(ada.id)).toEqual([{ userId: ada.id, asked: 'export', grantId: grant, reads: 1, by }]);
    const again = await exportOf(ada.id, root, grant);
    expect([again.status, again.slug]).toEqual([429, 'too-many-attempts']);
    await post(root, `/users/${ada.id}/suspension/end`, { reason: 'Ticket 4711' });
    ada = await logIn(ada.email);
    expect((await exportOwn(ada)).status).toBe(200);
  });

  it('Z-09 needs a grant that is open, of this administrator and for this user', async () => {
    const eve = await newPerson('eve');
    const asked = await post(root, '/audit/grants', { userId: ada.id, purpose: 'A', minutes: 60, password: PASSWORD });
    const grants = [
      randomUUID(),
      asked.json.id,
      await openGrant(root, eve.id, mel),
      await openGrant(mel, ada.id, root),
    ];
    await world.sign();
    for (const grant of grants) {
      const { status, slug } = await exportOf(ada.id, root, grant);
      expect([status, slug]).toEqual([403, 'grant-required']);
    }
    expect(await readsOf(ada.id)).toEqual([]);
  });

  it('is refused to everybody but administrators, and answers 404 for nobody and 410 for an erased user', async () => {
    const outcome = async (userId: string, by: Person) => {
      const { status, slug } = await exportOf(userId, by, randomUUID());
      return [status, slug];
    };
    expect(await outcome(ada.id, mel)).toEqual([403, 'forbidden']);
    expect(await outcome(ada.id, ada)).toEqual([403, 'forbidden']);
    expect(await outcome(randomUUID(), root)).toEqual([404, 'not-found']);
    await post(ada, '/user/erasure', { password: PASSWORD });
    expect(await outcome(ada.id, root)).toEqual([410, 'user-erased']);
    expect(await readsOf(ada.id)).toEqual([expect.objectContaining({ asked: 'export', grantId: null })]);
  });
});

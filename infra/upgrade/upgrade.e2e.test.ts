import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { API_PREFIX } from '../../contracts/src/routes.js';
import { inTopic, type TopicRecord } from '../../projector/test/publishedRecords.js';
import { readTopics } from '../../projector/test/topicReader.js';
import { linkOf, nthMail } from '../e2e/test/inbox.js';
import { announceOnce } from '../engines/test/announceOnce.js';
import { atEndOfFile, temporaryFolder } from '../engines/test/atEndOfFile.js';
import { describeOnOwn } from '../engines/test/describeOn.js';
import { ask, type RequestOptions } from '../kit/test/ask.js';
import { until } from '../kit/test/until.js';
import { installRelease } from './test/installRelease.js';
import { lastRelease } from './test/lastRelease.js';
import { serviceOf, type VersionedService } from './test/serviceOf.js';

const ROOT = join(import.meta.dirname, '..', '..');
const INSTALL_TIMEOUT_MS = 1_200_000;
jest.setTimeout(600_000);

const release = lastRelease(ROOT);
const NONE = 'There is no release to upgrade from. UPGRADE_FROM may name a commit instead.';
if (release === undefined) announceOnce(`Tests are skipped. ${NONE}`);

const ADA = { email: 'ada@example.org', name: 'Ada Lovelace', password: 'nine quiet boats at noon' };

const requestTo =
  ({ api }: VersionedService) =>
  (method: string, path: string, asked?: RequestOptions) =>
    ask(`${api}${API_PREFIX}${path}`, method, asked);

const logIn = async (service: VersionedService) => {
  const { email, password } = ADA;
  const { status, json } = await requestTo(service)('POST', '/auth/login', { body: { email, password } });
  expect(status).toBe(200);
  return json as { accessToken: string; refreshToken: string; user: { id: string } };
};

/** Registers Ada, confirms her address, logs in and renames her. @returns her session and profile */
const useRelease = async (service: VersionedService) => {
  const request = requestTo(service);
  expect((await request('POST', '/auth/register', { body: ADA })).status).toBe(202);
  const { token } = linkOf(await nthMail(service.inbox, ADA.email, 1));
  const confirmed = await request('POST', '/auth/confirm', { body: { token, password: ADA.password } });
  expect(confirmed.status).toBe(200);
  const session = await logIn(service);
  const renamed = await request('PUT', '/user', { token: session.accessToken, body: { name: 'Ada King' } });
  expect(renamed.status).toBe(200);
  const headers = { 'x-consistency-token': renamed.headers.get('x-consistency-token') ?? '' };
  const profile = await request('GET', '/user', { token: session.accessToken, headers });
  return { session, profile: profile.json as Record<string, unknown> };
};

/** What the newest code must find and be able to do on a data folder of the release. */
const expectContinued = async (service: VersionedService, before: Awaited<ReturnType<typeof useRelease>>) => {
  const request = requestTo(service);
  const { accessToken, refreshToken } = before.session;
  const profile = await request('GET', '/user', { token: accessToken });
  expect([profile.status, profile.json]).toEqual([200, expect.objectContaining(before.profile)]);
  const refreshed = await request('POST', '/auth/refresh', { body: { refreshToken } });
  expect(refreshed.status).toBe(200);
  const { accessToken: token } = await logIn(service);
  const history = await request('GET', '/user/history?limit=100', { token });
  const types = (history.json.items as { type: string }[]).map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['UserRegistered', 'UserRenamed']));
  const renamed = await request('PUT', '/user', { token, body: { name: 'Ada Byron' } });
  expect(renamed.status).toBe(200);
  const headers = { 'x-consistency-token': renamed.headers.get('x-consistency-token') ?? '' };
  const { json } = await request('GET', '/user', { token, headers });
  expect(json).toMatchObject({ name: 'Ada Byron' });
};

const suite = release === undefined ? describe.skip : describe;

suite(release === undefined ? `the newest code (skipped: ${NONE})` : `the newest code after ${release}`, () => {
  let root: string;
  beforeAll(async () => {
    root = await installRelease(ROOT, release ?? '');
  }, INSTALL_TIMEOUT_MS);

  /** Runs the release and then the newest code on one data folder. */
  const upgrade = async (withEngines: boolean) => {
    const dataDir = await temporaryFolder('ums-upgrade-');
    const old = await serviceOf({ root, dataDir, withEngines });
    const before = await useRelease(old).finally(old.stop);
    const service = await serviceOf({ root: ROOT, dataDir, withEngines });
    atEndOfFile(service.stop);
    return { before, service };
  };

  it('continues a data folder: sessions, passwords, profiles and histories', async () => {
    const { before, service } = await upgrade(false);
    await expectContinued(service, before);
  });

  describeOnOwn(['Kafka', 'OpenSearch'], 'on real engines', () => {
    it('continues topics: nothing is missing or repeated, and states go on', async () => {
      const { before, service } = await upgrade(true);
      const reader = await readTopics([service.kafkaBrokers ?? '']);
      atEndOfFile(reader.close);
      await expectContinued(service, before);
      const { id } = before.session.user;
      const states = () => inTopic(reader.records, 'users.state.v1').filter(({ key }) => key === id);
      const events = () => inTopic(reader.records, 'users.events.v1').filter(({ key }) => key === id);
      const renames = () => events().filter(({ headers }) => headers.ce_type === 'users.changed.v1');
      const revisionOf = (record: TopicRecord | undefined) => Number(record?.headers.ce_revision ?? -1);
      await until(() => renames().length === 2 && revisionOf(states().at(-1)) >= revisionOf(renames().at(-1)));
      const ids = events().map(({ headers }) => headers.ce_id);
      expect(new Set(ids).size).toBe(ids.length);
      const revisions = events().map(revisionOf);
      expect(revisions).toEqual([...revisions].sort((one, other) => one - other));
    });
  });
});

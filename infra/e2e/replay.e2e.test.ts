import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEventBody } from '@ums/contracts/http/auditEvents';
import type { HistoryEntry } from '@ums/contracts/http/history';
import { API_PREFIX } from '@ums/contracts/routes';
import { ask } from '../kit/test/ask.js';
import { lastingDifferences } from './src/oracle/findDifferences.js';
import { loggedEvents } from './src/oracle/loggedEvents.js';
import { allMails } from './test/inbox.js';
import { logIn, newUser } from './test/projections/steadyLoad.js';
import { spawnProgram } from './test/spawnProgram.js';
import { startWholeService, type WholeService } from './test/startWholeService.js';

/** More than a page of a history. */
const RENAMES = 250;
const ADMINISTRATOR = 'admin@example.org';

let folder: string;
let service: WholeService;
let auditToken: string;
let userId: string;
let correlationId: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-replay-'));
  service = await startWholeService(join(folder, 'data'));
  const token = await newUser(service, 'ada@example.org');
  await newUser(service, ADMINISTRATOR);
  for (let n = 0; n < RENAMES; n++) {
    const renamed = await ask(`${service.api}${API_PREFIX}/user`, 'PUT', { token, body: { name: `Ada ${n}` } });
    expect(renamed.status).toBe(200);
    userId = renamed.json.id;
    correlationId = renamed.headers.get('x-correlation-id') ?? '';
  }
  expect((await command('admin', {}, ADMINISTRATOR)).code).toBe(0);
  auditToken = await logIn(service.api, ADMINISTRATOR);
}, 300_000);

afterAll(async () => {
  await service.process.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

const command = async (name: string, env: Record<string, string>, ...args: string[]) => {
  const program = spawnProgram(`infra/commands/dist/${name}/main.js`, { DATA_DIR: service.dataDir, ...env }, args);
  return { code: await program.ended, ...program.output() };
};

/** Runs a replay to its end. @returns its records */
const replay = async <R>(...args: string[]): Promise<R[]> => {
  const { code, out, err } = await command('replay', { AUDIT_TOKEN: auditToken }, ...args);
  const records = out.split('\n').filter((line) => line !== '');
  expect({ args, code, err }).toEqual({ args, code: 0, err: expect.stringMatching(/\d records?\.\n$/) });
  return records.map((line) => JSON.parse(line) as R);
};

const objectsIn = async (dataDir: string): Promise<string[]> =>
  (await readdir(join(dataDir, 's3'), { recursive: true })).sort();

describe('npm run replay', () => {
  it('Z-08 has no effect: of many events it makes no mail, no object, and no event but records of the read', async () => {
    expect(await lastingDifferences(service.sources)).toEqual([]);
    const before = await loggedEvents(service.eventLog);
    const [mails, objects] = [await allMails(service.inbox), await objectsIn(service.dataDir)];
    const head = String(before.at(-1)?.position);

    const events = await replay<AuditEventBody>('--from', '0', '--to', head);
    const ofStreams = before.filter(({ type }) => type !== 'LogIdentified');
    expect(events.map(({ id }) => id)).toEqual(ofStreams.map(({ id }) => id));
    expect(events.length).toBeGreaterThan(RENAMES);
    const [tenth] = events.slice(9, 10).map(({ position }) => position);
    expect(await replay('--from', '0', '--to', head, '--after', tenth ?? '')).toEqual(events.slice(10));
    expect(await replay('--correlation', correlationId)).toMatchObject([{ type: 'UserRenamed', userId }]);

    const history = await replay<HistoryEntry>('--user', userId);
    const of = (type: string) => history.filter((entry) => entry.type === type);
    expect([of('UserRenamed').length, of('SessionStarted').length]).toEqual([RENAMES, 1]);
    const positions = history.map(({ position }) => BigInt(position));
    expect(positions).toEqual(positions.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(of('UserRenamed').map(({ changes }) => changes)).toEqual(
      Array(RENAMES).fill([{ field: 'name', before: { masked: true }, after: { masked: true } }]),
    );
    expect(await replay('--user', userId, '--as-of', '7')).toMatchObject([{ id: userId, revision: 7 }]);

    expect(await lastingDifferences(service.sources)).toEqual([]);
    const after = await loggedEvents(service.eventLog);
    const added = after.slice(before.length);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(new Set(added.map(({ type }) => type))).toEqual(new Set(['HistoryRead']));
    expect(new Set(added.map(({ data }) => data.asked))).toEqual(new Set(['as-of', 'feed', 'history']));
    // One for each kind in five minutes, which may end meanwhile.
    expect(added.length).toBeLessThanOrEqual(6);
    expect(await allMails(service.inbox)).toEqual(mails);
    expect(await objectsIn(service.dataDir)).toEqual(objects);
  }, 300_000);

  it('prints CSV and tables, and nothing of a person whose values are masked', async () => {
    for (const format of ['csv', 'table', 'ndjson']) {
      const { code, out } = await command('replay', { AUDIT_TOKEN: auditToken }, '--user', userId, '--format', format);
      expect([code, out.split('UserRenamed').length]).toEqual([0, RENAMES + 1]);
      for (const personal of ['Ada', 'ada@example.org', '127.0.0.1']) expect(out).not.toContain(personal);
    }
  });

  it('fails with one sentence for a token that may not audit, or that is none', async () => {
    const token = await logIn(service.api, 'ada@example.org');
    const run = (AUDIT_TOKEN: string) => command('replay', { AUDIT_TOKEN }, '--user', userId);
    expect(await run(token)).toEqual({
      ...{ code: 1, out: '' },
      err: 'AUDIT_TOKEN is not of an auditor or administrator (403). Nothing was printed.\n',
    });
    expect(await run(`${token}x`)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('(401)') });
  });
});

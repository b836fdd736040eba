import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API_PREFIX } from '@ums/contracts/routes';
import { strFromU8, unzipSync } from 'fflate';
import { picture } from '../../notifier/test/pictures/samplePictures.js';
import { until } from '../kit/test/until.js';
import { verifyCommand } from '../verifier/src/verifyCommand.js';
import { type ApiClient, apiClient } from './test/apiClient.js';
import { linkOf, nthMail } from './test/inbox.js';
import { unsentMails } from './test/recovery/mailRecords.js';
import { startWholeService, type WholeService } from './test/startWholeService.js';

const PASSWORD = 'nine quiet boats at noon';

let folder: string;
let service: WholeService;
let client: ApiClient;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-export-'));
  service = await startWholeService(join(folder, 'data'), { CHECKPOINT_SECONDS: '1' });
  client = await apiClient(service.api);
}, 300_000);
afterAll(async () => {
  await service.process.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

/** Registers somebody whose address and name hold the word, with a picture. @returns the access token */
const signIn = async (word: string): Promise<string> => {
  const email = `${word}.canary@example.org`;
  const form = new FormData();
  for (const [name, value] of Object.entries({ email, name: `${word} Canary`, password: PASSWORD }))
    form.set(name, value);
  form.set('picture', new Blob([picture]), 'portrait.jpg');
  // The object storage may not answer in time on a busy machine.
  await until(async () => (await client.ask('POST', '/auth/register', { body: form })).status === 202);
  const { token } = linkOf(await nthMail(service.inbox, email, 1));
  await client.ask('POST', '/auth/confirm', { body: { token, password: PASSWORD } });
  const headers = { 'user-agent': `${word} browser` };
  return (await client.ask('POST', '/auth/login', { body: { email, password: PASSWORD }, headers })).json.accessToken;
};

/** Exports until the notary has signed a checkpoint that covers the account. */
const exportOf = async (token: string): Promise<Record<string, Uint8Array>> => {
  const send = () =>
    fetch(`${service.api}${API_PREFIX}/user/export`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ password: PASSWORD }),
    });
  let answer = await send();
  await until(async () => {
    if (answer.status === 503) answer = await send();
    return answer.status !== 503;
  });
  expect(answer.status).toBe(200);
  return unzipSync(new Uint8Array(await answer.arrayBuffer()));
};

describe('an export of the whole service', () => {
  it('G-06 G-08 has pictures, mails and everything that was sent, nothing of others, and a proof that verifies offline', async () => {
    const [ada, eve] = [await signIn('ada'), await signIn('eve')];
    for (const [word, token] of [
      ['ada', ada],
      ['eve', eve],
    ] as const) {
      await client.ask('PUT', '/user', { token, body: { name: `${word} Renamed` } });
      const change = { email: `${word}.new@example.org`, password: PASSWORD };
      await client.ask('PUT', '/user', { token, body: change });
      await nthMail(service.inbox, change.email, 1);
    }
    await until(async () => (await client.ask('GET', '/user', { token: ada })).json.picture?.status === 'ready');
    // A mail arrives before its record says that it was sent.
    await until(async () => (await unsentMails(service.postgres)).length === 0);

    const files = await exportOf(ada);
    expect(Object.keys(files).sort()).toEqual([
      ...[
        'README.txt',
        'history-proof.json',
        'history.ndjson',
        'mails.ndjson',
        'pictures/256.webp',
        'pictures/512.webp',
      ],
      ...['pictures/64.webp', 'profile.json', 'roles-and-consents.json', 'sessions.json'],
    ]);
    for (const size of [64, 256, 512]) {
      const webp = Buffer.from(files[`pictures/${size}.webp`] ?? []);
      expect([webp.subarray(0, 4).toString(), webp.subarray(8, 12).toString()]).toEqual(['RIFF', 'WEBP']);
    }
    const text = (name: string): string => strFromU8(files[name] ?? new Uint8Array());
    const history = text('history.ndjson');
    for (const sent of ['ada.canary@', 'ada Canary', 'ada browser', 'ada Renamed', 'ada.new@'])
      expect([sent, history.includes(sent)]).toEqual([sent, true]);
    for (const name of Object.keys(files)) expect([name, /eve[ .]/.test(text(name))]).toEqual([name, false]);
    const mails = text('mails.ndjson')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(mails.map(({ purpose, address, state }) => `${purpose} ${address} ${state}`)).toEqual(
      expect.arrayContaining([
        'registration-confirmation ada.canary@example.org sent',
        'email-change-notice ada.canary@example.org sent',
        // The address is not confirmed (E-03).
        'email-change-confirmation ada.new@example.org null',
      ]),
    );

    await mkdir(join(folder, 'export'));
    const bundle = join(folder, 'export', 'history-proof.json');
    await writeFile(bundle, files['history-proof.json'] ?? '');
    const key = join(service.dataDir, 'notary.pub');
    expect(await verifyCommand([bundle, '--key', key])).toMatch(/^Verified: \d+ events of user /);
    const changed = (await readFile(bundle, 'utf8')).replace('"UserRegistered.v2"', '"UserRegistered.v3"');
    await writeFile(bundle, changed);
    await expect(verifyCommand([bundle, '--key', key])).rejects.toThrow('was changed');
  }, 300_000);
});

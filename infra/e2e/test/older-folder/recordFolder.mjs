/**
 * Records what a version of this service writes into its data folder: starts the version, lets people use it, and prints the
 * rows of all tables as NDJSON. `npm run build` must have built it.
 *
 *   node infra/e2e/test/older-folder/recordFolder.mjs <root of a checkout of the version> > recorded.ndjson
 *
 * The first line says when it was recorded, which migrations were applied, and which tokens the people hold. Rows are JSON
 * within JSON: a number may have more digits than JavaScript keeps.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { fixtureSecrets } from './fixtureSecrets.mjs';

const PASSWORD = 'correct horse battery staple';
const [root] = process.argv.slice(2);
if (root === undefined) throw new Error('usage: recordFolder.mjs <root of a checkout>');
const dataDir = mkdtempSync(join(tmpdir(), 'ums-recorded-'));
writeFileSync(join(dataDir, 'secrets.json'), JSON.stringify(fixtureSecrets()), { mode: 0o600 });

const service = spawn(process.execPath, [join(root, 'infra/embedded/dist/main.js')], {
  cwd: root,
  env: {
    ...{ PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir },
    ...{ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', PASSWORD_HASH: 'bcrypt:4' },
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
service.stdout.resume();
const ended = new Promise((resolve) => service.once('close', resolve));

const until = async (find) => {
  for (let time = 0; time < 1_200; time += 1) {
    const found = await find();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error('waited for a minute in vain');
};
const readEngines = () => {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'engines.json'), 'utf8'));
  } catch {
    return undefined;
  }
};

const engines = await until(() => readEngines());
const ask = async (method, path, { token, body } = {}) => {
  const response = await fetch(`${engines.api}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
};
const mailedToken = (email, words) =>
  until(async () => {
    const { emails } = await (await fetch(`${engines.inbox}/store`)).json();
    const mail = emails.find(({ destination, subject }) => destination.to.includes(email) && words.test(subject));
    return mail && decodeURIComponent(/auth\/confirm\?token=(\S+)/.exec(mail.body.text)[1]);
  });
const register = async (email, name) => {
  await ask('POST', '/auth/register', { body: { email, name, password: PASSWORD } });
  return mailedToken(email, /./);
};
const logIn = (email) => ask('POST', '/auth/login', { body: { email, password: PASSWORD } });
const signUp = async (email, name) => {
  await ask('POST', '/auth/confirm', { body: { token: await register(email, name), password: PASSWORD } });
  return logIn(email);
};

const idOf = async ({ accessToken: token }) => (await ask('GET', '/user', { token })).id;
const tokens = {};
const ada = await signUp('ada@example.org', 'Ada Lovelace');
await ask('PUT', '/user', { token: ada.accessToken, body: { name: 'Ada King' } });
tokens.refresh = ada.refreshToken;
const change = { email: 'countess@example.org', password: PASSWORD };
await ask('PUT', '/user', { token: ada.accessToken, body: change });
tokens.change = await mailedToken(change.email, /new/i);
await signUp('grace@example.org', 'Grace Hopper');
execFileSync(process.execPath, [join(root, 'infra/commands/dist/admin/main.js'), 'grace@example.org'], {
  env: { ...process.env, DATA_DIR: dataDir },
});
const grace = await logIn('grace@example.org');
const eve = await idOf(await signUp('eve@example.org', 'Eve'));
await ask('POST', `/users/${eve}/suspension`, { token: grace.accessToken, body: { reason: 'Sends advertising' } });
const joan = await signUp('joan@example.org', 'Joan Clarke');
await ask('DELETE', '/user', { token: joan.accessToken, body: { password: PASSWORD } });
tokens.confirm = await register('alan@example.org', 'Alan Turing');

const connect = async (database) => {
  const url = new URL(engines.postgres);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
};
/** Until the erasure of Joan is finished, all mails are sent, and all projections have caught up. */
const settled = async () => {
  const [log, vault, users] = await Promise.all(['log', 'vault', 'users'].map(connect));
  await until(async () => {
    const head = (await log.query('select max(position) as head from log_event')).rows[0].head;
    const erasures = (await vault.query('select 1 from erasure')).rowCount;
    const behind = (await users.query('select 1 from read.checkpoint where position < $1', [head])).rowCount;
    const unsent = (await users.query(`select 1 from notifier.mail where state <> 'sent'`)).rowCount;
    return erasures + behind + unsent === 0 ? true : undefined;
  });
  await Promise.all([log, vault, users].map((client) => client.end()));
};
await settled();

const TABLES = `select format('%I.%I', schemaname, tablename) as name from pg_tables
  where schemaname not in ('pg_catalog', 'information_schema') and tablename <> 'migration' order by 1`;
const migrations = (service) => readdirSync(join(root, service, 'migrations')).filter((name) => name.endsWith('.sql'));
const lines = [
  {
    recordedAt: new Date().toISOString(),
    migrations: Object.fromEntries(['command-api', 'projector', 'notifier'].map((name) => [name, migrations(name)])),
    tokens,
  },
];
for (const database of ['log', 'vault', 'users']) {
  const client = await connect(database);
  for (const { name: table } of (await client.query(TABLES)).rows)
    for (const { row } of (await client.query(`select to_jsonb(stored)::text as row from ${table} as stored`)).rows)
      lines.push({ database, table, row });
  await client.end();
}
process.stdout.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
service.kill('SIGTERM');
await ended;
rmSync(dataDir, { recursive: true });

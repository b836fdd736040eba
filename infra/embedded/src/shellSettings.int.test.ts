import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { NO_STREAM } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { linkOf, nthMail } from '../../e2e/test/inbox.js';
import { ask } from '../../kit/test/ask.js';
import { eventLogClient } from '../test/eventLogClient.js';
import { eventStoreProcess } from '../test/eventStoreProcess.js';
import { serviceProcess } from '../test/serviceProcess.js';
import { TYPESCRIPT_LOADER } from '../test/typescriptLoader.js';
import { readEngines } from './dataFolder/enginesFile.js';

/** A proxy and servers that do not exist. */
const NOWHERE = 'http://127.0.0.1:9';
const NONSENSE = {
  ...{ http_proxy: NOWHERE, https_proxy: NOWHERE, grpc_proxy: NOWHERE, all_proxy: NOWHERE },
  ...{ HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE, ALL_PROXY: NOWHERE },
  ...{ PGHOST: '127.0.0.2', PGPORT: '9', PGUSER: 'x', PGPASSWORD: 'x', PGDATABASE: 'x', PGSSLMODE: 'require' },
  ...{ PGOPTIONS: '-c nonsense=x', PGSSLNEGOTIATION: 'nonsense', PGCLIENT_ENCODING: 'nonsense', PGBINARY: '1' },
  ...{ PGREPLICATION: 'nonsense', PGCONNECT_TIMEOUT: '1', PGDATA: '/nowhere', PGAPPNAME: 'x' },
  ...{ AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_PROFILE: 'nonsense' },
  ...{ SMTP_TRANSPORT: 'smtp://127.0.0.1:9', NODE_USE_ENV_PROXY: '1', NODE_PG_FORCE_NATIVE: '1' },
  ...{ READABLE_STREAM: 'disable', LIBC: 'musl', npm_config_arch: 'arm64', JITI_EXTENSIONS: 'nonsense' },
  ...{ AWS_REGION: 'nonsense', AWS_ENDPOINT_URL: NOWHERE, AWS_ACCESS_KEY_ID: 'x', AWS_CONFIG_FILE: '/nowhere' },
};
const email = 'ada@example.org';
const password = 'nine quiet boats at noon';
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-shell-'));
  await mkdir(join(folder, '.aws'));
  const profile = [
    ...['[default]', 'region = nonsense', 'use_fips_endpoint = true', 'use_dualstack_endpoint = true'],
    ...['defaults_mode = nonsense', 'auth_scheme_preference = sigv4a', 'sigv4a_signing_region_set = *'],
  ];
  await writeFile(join(folder, '.aws', 'config'), profile.join('\n'));
  env = { ...NONSENSE, HOME: folder, DATA_DIR: join(folder, 'data') };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs an operator's command from its source. @returns its output, errors included */
const command = async (name: string, ...args: string[]): Promise<string> => {
  const child = spawn(process.execPath, ['--import', TYPESCRIPT_LOADER, join(COMMANDS, name, 'main.ts'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return out + err;
};

const COMMANDS = join(import.meta.dirname, '..', '..', 'commands', 'src');

describe('with an environment that is meant for other programs', () => {
  it('npm start, admin, replay and forget work', async () => {
    const service = serviceProcess(env);
    const api = `${await service.ready}/api/v1`;
    const { inbox } = await readEngines(join(folder, 'data'));
    const registered = await ask(`${api}/auth/register`, 'POST', { body: { email, name: 'Ada', password } });
    expect(registered.status).toBe(202);
    const { token } = linkOf(await nthMail(inbox, email, 1));
    expect((await ask(`${api}/auth/confirm`, 'POST', { body: { token, password } })).status).toBe(200);
    expect((await ask(`${api}/auth/login`, 'POST', { body: { email, password } })).status).toBe(200);
    expect(await command('admin', email)).toMatch(/^The user is now an administrator/);
    const { accessToken } = (await ask(`${api}/auth/login`, 'POST', { body: { email, password } })).json;
    env.AUDIT_TOKEN = accessToken;
    expect(await command('replay', '--from', '0', '--to', '100000')).toMatch(/^[1-9]\d* records?\.$/m);
    expect(await command('forget')).toBe('Deleted rows have been removed from the disk.\n');
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
  }, 300_000);

  it('npm run eventstore works', async () => {
    const server = eventStoreProcess(['--port', '0', '--data', join(folder, 'log')], env);
    const eventLog = eventLogClient(await server.ready);
    expect((await eventLog.append('s', NO_STREAM)).success).toBe(true);
    await eventLog.dispose();
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  }, 180_000);
});

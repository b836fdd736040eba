import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { tour } from './readReadme.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');
let folder: string;
let running: RunningStart;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-tour-'));
  running = await start({
    config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR: folder }),
    env: { PASSWORD_HASH: 'bcrypt:4' },
    logFor: () => silentLog,
    fsync: false,
    onFatal: (error) => {
      throw error;
    },
  });
});

afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

/** Pastes commands into a shell at the project's root. @returns what it printed. */
const paste = (commands: string): Promise<{ code: number | null; printed: string }> =>
  new Promise((resolve) => {
    const shell = spawn('bash', ['-s'], { cwd: ROOT, env: { ...process.env, DATA_DIR: folder } });
    let printed = '';
    const read = (chunk: Buffer) => {
      printed += chunk.toString('utf8');
    };
    shell.stdout.on('data', read);
    shell.stderr.on('data', read);
    shell.on('close', (code) => resolve({ code, printed }));
    shell.stdin.end(commands);
  });

describe('the tour of the README', () => {
  it('works as pasted', async () => {
    const here = tour()
      .replaceAll('http://127.0.0.1:8080', running.api)
      .replaceAll('http://127.0.0.1:8025', running.inbox);
    const { code, printed } = await paste(here);
    const answers = [
      '{"status":"confirmation-sent"}',
      '{"status":"confirmed"}',
      '"name":"Ada Lovelace","status":"active"',
      '"name":"Ada King"',
      'The user is now an administrator',
      '"items":[{"id":',
      '"next":null}',
    ];
    let from = 0;
    for (const answer of answers) {
      const at = printed.indexOf(answer, from);
      expect(at < 0 ? `${answer} is not in: ${printed.slice(from)}` : 'found').toBe('found');
      from = at + answer.length;
    }
    expect(printed.trimEnd()).toMatch(/204$/);
    expect(code).toBe(0);
  }, 60_000);
});

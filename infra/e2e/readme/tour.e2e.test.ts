import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { PATIENT } from '../../../command-api/test/testApi.js';
import { runCommands } from '../test/runCommands.js';
import { warmUpPictures } from '../test/warmUpPictures.js';
import { tour } from './readReadme.js';

let folder: string;
let running: RunningStart;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-tour-'));
  running = await start({
    config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR: folder }),
    env: { PASSWORD_HASH: 'bcrypt:4' },
    logFor: () => silentLog,
    fsync: false,
    eventLoopDelayMs: () => 0,
    requestTimeouts: PATIENT,
    onFatal: (error) => {
      throw error;
    },
  });
  await warmUpPictures(running.api, 'nine quiet boats at noon');
}, 300_000);

afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the tour of the README', () => {
  it('works when its commands are pasted into a shell', async () => {
    const commands = tour()
      .replaceAll('http://127.0.0.1:8080', running.api)
      .replaceAll('http://127.0.0.1:8025', running.inbox);
    const { code, printed } = await runCommands(commands, { env: { DATA_DIR: folder } });
    const answers = [
      '{"status":"confirmation-sent"}',
      '{"status":"confirmed"}',
      '"name":"Ada Lovelace","status":"active"',
      '"name":"Ada King"',
      '"picture":{"status":"processing","urls":{}}',
      'The user is now an administrator',
      '"items":[{"id":',
      '"next":null}',
    ];
    let start = 0;
    for (const answer of answers) {
      const at = printed.indexOf(answer, start);
      expect(at < 0 ? `${answer} is not in: ${printed.slice(start)}` : 'found').toBe('found');
      start = at + answer.length;
    }
    expect(printed.trimEnd()).toMatch(/204$/);
    expect(code).toBe(0);
  }, 300_000);
});

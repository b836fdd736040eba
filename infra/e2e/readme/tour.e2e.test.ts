import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningStart } from '@ums/embedded/start';
import { PATIENT } from '../../../command-api/test/testApi.js';
import { type ServiceOnFolder, serviceOnFolder } from '../../embedded/test/serviceOnFolder.js';
import { runCommands } from '../test/runCommands.js';
import { warmUpPictures } from '../test/warmUpPictures.js';
import { tour } from './readReadme.js';

let service: ServiceOnFolder;
let running: RunningStart;

beforeAll(async () => {
  service = await serviceOnFolder({ requestTimeouts: PATIENT });
  await service.start();
  running = service.running();
  await warmUpPictures(running.api, 'nine quiet boats at noon');
}, 300_000);

afterAll(() => service.remove());

describe('the tour of the README', () => {
  it('works when its commands are pasted into a shell', async () => {
    const commands = tour()
      .replaceAll('http://127.0.0.1:8080', running.api)
      .replaceAll('http://127.0.0.1:8025', running.inbox);
    const { code, printed } = await runCommands(commands, { env: { DATA_DIR: service.dataDir } });
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

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeEngines } from '@ums/embedded/dataFolder/enginesFile';
import { publishCommand, publishEnvironment } from './publishCommand.js';

describe('npm run publish', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-commands-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const print = (): void => undefined;

  it('fails with its usage when the arguments are wrong', async () => {
    await expect(publishCommand([], {}, print)).rejects.toThrow('Usage: npm run -s publish -- --from <position>');
  });

  it('takes the URLs of the running service, and the brokers of the caller or those started with the service', async () => {
    const credentials = { accessKeyId: 'i', secretAccessKey: 's' };
    const objectStorage = { endpoint: 'o', region: 'r', bucket: 'b', credentials };
    const urls = { api: 'a', inbox: 'i', objectStorage, postgres: 'p', vault: 'v' };
    await writeEngines(folder, { ...urls, eventLog: 'esdb://127.0.0.1:1', users: 'postgresql://127.0.0.1:1/users' });
    expect(await publishEnvironment({ KAFKA_BROKERS: '127.0.0.1:9092' }, folder)).toEqual({
      EVENTSTORE_URL: 'esdb://127.0.0.1:1',
      DATABASE_URL: 'postgresql://127.0.0.1:1/users',
      KAFKA_BROKERS: '127.0.0.1:9092',
    });
    await expect(publishCommand(['--state'], { DATA_DIR: folder }, print)).rejects.toThrow(/KAFKA_BROKERS is missing/);
    await writeEngines(folder, { ...urls, eventLog: 'e', users: 'u', kafkaBrokers: '127.0.0.1:9093' });
    expect(await publishEnvironment({}, folder)).toMatchObject({ KAFKA_BROKERS: '127.0.0.1:9093' });
  });

  it('uses the environment when it sets a URL, and fails with one sentence when nothing answers', async () => {
    const env = {
      EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false',
      DATABASE_URL: 'postgresql://127.0.0.1:1/users',
      KAFKA_BROKERS: '127.0.0.1:1',
      DATA_DIR: folder,
    };
    expect(await publishEnvironment(env, folder)).toBe(env);
    await expect(publishCommand(['--state'], env, print)).rejects.toThrow(
      'The command failed (kafka is unavailable). Done until then: Nothing was sent.',
    );
    await expect(publishCommand(['--state', '--dry-run'], env, print)).rejects.toMatchObject({ printable: true });
  });
});

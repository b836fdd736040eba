import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../test/atEndOfFile.js';
import { fakeTools } from '../test/fakeTools.js';
import { startJvm } from './jvmProcess.js';
import { waitUntilReady } from './waitUntilReady.js';

const jvm = async (java: string) => {
  const folder = await temporaryFolder('ums-jvm-');
  return startJvm({
    label: 'Kafka',
    installation: { folder, java, classPath: '' },
    dataDir: folder,
    options: [],
    main: [],
  });
};

describe('startJvm', () => {
  it('says that Java cannot be run', async () => {
    await expect(jvm('/nowhere/java')).rejects.toThrow(
      'Kafka cannot be started: /nowhere/java cannot be run (ENOENT).',
    );
  });
});

describe('waitUntilReady', () => {
  it('kills an engine that is not ready in time, and ends the check', async () => {
    const { env } = await fakeTools();
    const started = await jvm(`${env.PATH}/java`);
    let aborted = false;
    const never = (signal: AbortSignal) =>
      new Promise<void>(() => signal.addEventListener('abort', () => (aborted = true)));
    await expect(waitUntilReady(started, never, 50)).rejects.toThrow(/^Kafka was not ready within 0\.05 s\./);
    expect(await started.ended).toBe('signal SIGKILL');
    expect(aborted).toBe(true);
  });
});

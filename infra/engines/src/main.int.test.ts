import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { until } from '../../kit/test/until.js';
import { temporaryFolder } from '../test/atEndOfFile.js';
import { describeOnOwn } from '../test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS } from '../test/engineForTests.js';
import { enginesProcess } from '../test/enginesProcess.js';

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describeOnOwn(['Kafka', 'OpenSearch'], 'npm run engines', () => {
  it(
    'prints the addresses, leaves no engine behind when it is killed, and stops cleanly on SIGTERM',
    async () => {
      const ENGINES_DATA_DIR = join(await temporaryFolder('ums-run-engines-'), 'engines');
      const killed = enginesProcess({ ENGINES_DATA_DIR });
      const first = await killed.ready;
      expect(first.pids).toHaveLength(2);
      expect(first.pids.map(isRunning)).toEqual([true, true]);
      killed.child.kill('SIGKILL');
      await killed.ended;
      await until(() => !first.pids.some(isRunning));

      const stopped = enginesProcess({ ENGINES_DATA_DIR });
      const second = await stopped.ready;
      expect(second).toMatchObject({ brokers: first.brokers, url: first.url });
      stopped.child.kill('SIGTERM');
      expect(await stopped.ended).toBe(0);
      expect(second.pids.map(isRunning)).toEqual([false, false]);
    },
    ENGINE_START_TIMEOUT_MS,
  );

  it(
    'ends with an error when an engine ends, and stops the other one',
    async () => {
      const ended = enginesProcess({ ENGINES_DATA_DIR: await temporaryFolder('ums-run-engines-') });
      const { pids } = await ended.ready;
      process.kill(pids[0] as number, 'SIGKILL');
      expect(await ended.ended).toBe(1);
      expect(ended.output().stderr).toMatch(/^Kafka \S+ ended unexpectedly \(signal SIGKILL\)/m);
      expect(pids.map(isRunning)).toEqual([false, false]);
    },
    ENGINE_START_TIMEOUT_MS,
  );
});

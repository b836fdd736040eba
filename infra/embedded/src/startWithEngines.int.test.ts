import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { WORK_TOPIC } from '@ums/contracts/kafka/topics';
import { groupOffsets } from '@ums/kit/kafka-source/groupOffsets';
import { workGroup } from '@ums/kit/kafka-source/kafkaSourceOptions';
import { silentLog } from '@ums/kit/log';
import { atEndOfFile } from '../../engines/test/atEndOfFile.js';
import { describeOnOwn } from '../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, temporaryFolder } from '../../engines/test/engineForTests.js';
import { indexedLines } from '../../kit/test/logShippingTestbed.js';
import { type ServiceProcess, serviceProcess } from '../test/serviceProcess.js';
import { untilOtherProcess } from '../test/untilOtherProcess.js';
import { type Engines, readEngines } from './dataFolder/enginesFile.js';

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describeOnOwn(['Kafka', 'OpenSearch'], 'npm start -- --engines', () => {
  let DATA_DIR: string;
  beforeAll(async () => {
    DATA_DIR = join(await temporaryFolder('ums-with-engines-'), 'data');
  });

  const launch = (): ServiceProcess => {
    const service = serviceProcess({ DATA_DIR }, ['--engines']);
    atEndOfFile(() => {
      service.child.kill('SIGKILL');
      return service.ended;
    });
    return service;
  };
  const start = async (): Promise<{ service: ServiceProcess; api: string; engines: Engines; pids: number[] }> => {
    const service = launch();
    const api = await service.ready;
    const pids = [...service.output().stdout.matchAll(/, pid (\d+)\)/g)].map(([, pid]) => Number(pid));
    return { service, api, engines: await readEngines(DATA_DIR), pids };
  };
  const hasLine =
    ({ openSearch }: Engines, fields: Record<string, unknown>) =>
    async (): Promise<boolean> =>
      // A search fails while the shards of a new data stream start.
      (await indexedLines(openSearch as string).catch(() => [])).some(({ _source }) =>
        Object.entries(fields).every(([name, value]) => _source[name] === value),
      );

  it(
    'publishes to Kafka and takes mails from there, ships logs, and ends with exit code 1 when an engine ends',
    async () => {
      const { service, api, engines, pids } = await start();
      expect(pids.map(isRunning)).toEqual([true, true]);
      const registered = await fetch(`${api}/api/v1/auth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'ada@example.org', name: 'Ada', password: 'nine quiet boats at noon' }),
      });
      expect(registered.status).toBe(202);
      await untilOtherProcess(async () =>
        (await (await fetch(`${engines.inbox}/store`)).text()).includes('ada@example.org'),
      );
      await untilOtherProcess(hasLine(engines, { service: 'http', route: '/api/v1/auth/register', status: 202 }));
      const kafka = { brokers: [engines.kafkaBrokers as string], clientId: 'test', log: silentLog };
      // The mail consumer has committed what the publisher sent.
      await untilOtherProcess(async () => {
        const partitions = await groupOffsets(kafka, workGroup('mail'), WORK_TOPIC.name);
        return partitions.some(({ next, end }) => end > 0n && next === end);
      });

      process.kill(pids[0] as number, 'SIGKILL');
      expect(await service.ended).toBe(1);
      expect(service.output().stderr).toMatch(/^Kafka \S+ ended unexpectedly \(signal SIGKILL\)/m);
      expect(pids.map(isRunning)).toEqual([false, false]);
    },
    ENGINE_START_TIMEOUT_MS,
  );

  it(
    'F-32 starts again on the same data, and stops the services, the shipping of their logs and the engines in this order',
    async () => {
      const { service, engines, pids } = await start();
      await untilOtherProcess(hasLine(engines, { msg: 'fatal error' }));
      service.child.kill('SIGTERM');
      expect(await service.ended).toBe(0);
      expect(pids.map(isRunning)).toEqual([false, false]);
      expect(service.output().stdout).not.toContain('log lines were not shipped');
    },
    ENGINE_START_TIMEOUT_MS,
  );

  it(
    'F-32 stops at once when it is interrupted while the engines are starting',
    async () => {
      const service = launch();
      await untilOtherProcess(() => existsSync(join(DATA_DIR, 'postgres', 'postmaster.pid')));
      service.child.kill('SIGTERM');
      expect(await service.ended).toBe(0);
    },
    ENGINE_START_TIMEOUT_MS,
  );
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { atEndOfFile, temporaryFolder } from '../../test/atEndOfFile.js';
import { FAKE_JAVA, type FakeTools, fakeTools } from '../../test/fakeTools.js';
import { withEnvironment } from '../../test/withEnvironment.js';
import { type Kafka, type KafkaOptions, startKafka } from './startKafka.js';

/** A fake Java in place of Kafka; startKafka.int.test.ts starts a real one. */
let tools: FakeTools;
let dataDir: string;
beforeAll(async () => {
  tools = await fakeTools();
});
beforeEach(async () => {
  await tools.write('java', FAKE_JAVA);
  dataDir = await temporaryFolder('ums-kafka-');
});
const start = async (options: Partial<KafkaOptions> = {}): Promise<Kafka> => {
  const kafka = await withEnvironment(tools.env, () => startKafka({ dataDir, ...options }));
  atEndOfFile(kafka.stop);
  return kafka;
};
const instead = (script: string) =>
  tools.write('java', FAKE_JAVA.replace(`console.log('Kafka Server started');`, script));

describe('startKafka', () => {
  it('installs Kafka, formats the folder once and keeps the ports with the data', async () => {
    const progress: string[] = [];
    const first = await start({ onProgress: (text) => progress.push(text) });
    expect(progress[0]).toBe(`Kafka ${first.version}: downloading with Maven (once)`);
    await first.stop();
    const second = await start({ onProgress: (text) => progress.push(text) });
    expect(second.brokers).toBe(first.brokers);
    expect(second.pid).not.toBe(first.pid);
    // The number of files downloaded is reported once a second.
    expect(progress.filter((text) => !text.endsWith(' files downloaded'))).toHaveLength(3);
    await second.kill();
  });

  it('writes extra listeners and properties into the configuration of the broker', async () => {
    const listeners = [{ name: 'PROXY', advertisedPort: 12_345 }];
    const kafka = await start({ listeners, properties: { 'num.io.threads': '9', 'log.retention.ms': '1000' } });
    const lines = (await readFile(join(dataDir, 'server.properties'), 'utf8')).split('\n');
    expect(lines).toContain(`advertised.listeners=PLAINTEXT://${kafka.brokers},PROXY://127.0.0.1:12345`);
    const bound = lines.find((line) => line.startsWith('listeners='));
    expect(bound).toContain(`PROXY://127.0.0.1:${kafka.listenerPort('PROXY')}`);
    expect(lines).toContain('listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXY:PLAINTEXT');
    expect(lines.filter((line) => line.startsWith('num.io.threads='))).toEqual(['num.io.threads=9']);
    expect(lines).toContain('log.retention.ms=1000');
  });

  it('throws the last lines without stack frames when the broker ends during the start', async () => {
    const lines = Array.from({ length: 30 }, (_, line) => `line ${line}\\n\tat frame`).join('\\n');
    await instead(`console.log(${JSON.stringify('')} + "${lines}"); process.exit(3);`);
    const error: Error = await start().then(Promise.reject, (failed) => failed);
    expect(error.message).toMatch(/^Kafka \S+ did not start: it ended with code 3\. Its last lines:\n {2}line 15\n/);
    expect(error.message).toMatch(/line 29$/);
    expect(error.message).not.toContain('at frame');
  });

  it('starts once more on new ports when another program listens on a kept one', async () => {
    const first = await start();
    await first.stop();
    await instead(`
      const taken = fs.readFileSync(args.at(-1), 'utf8').includes('${first.brokers}');
      console.log(taken ? 'BindException: Address already in use' : 'Kafka Server started');
      if (taken) process.exit(1);`);
    const second = await start();
    expect(second.brokers).not.toBe(first.brokers);
    await expect(start({ port: first.port })).rejects.toThrow('Address already in use');
  });

  it('names the folder to delete when a jar is damaged', async () => {
    await instead(`console.error('java.lang.NoClassDefFoundError: kafka/Kafka'); process.exit(1);`);
    await expect(start()).rejects.toThrow(`may be damaged: delete ${tools.env.ENGINES_CACHE}/kafka-`);
  });

  it('reports a broker that ends later, but not one that is stopped or killed', async () => {
    const errors: Error[] = [];
    const onFatal = (error: Error) => void errors.push(error);
    await (await start({ onFatal })).stop();
    await (await start({ onFatal })).kill();
    expect(errors).toEqual([]);
    const ended = new Promise<Error>((resolve) => {
      void start({ onFatal: resolve }).then((kafka) => process.kill(kafka.pid, 'SIGKILL'));
    });
    expect((await ended).message).toMatch(/^Kafka \S+ ended unexpectedly \(signal SIGKILL\)\. Its last lines:\n/);
  });

  it('stops a broker whose process is stopped', async () => {
    const kafka = await start();
    process.kill(kafka.pid, 'SIGSTOP');
    await kafka.stop();
    expect(() => process.kill(kafka.pid, 0)).toThrow('ESRCH');
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../kit/test/until.js';
import { temporaryFolder } from '../test/atEndOfFile.js';
import { FAKE_JAVA, type FakeTools, fakeTools } from '../test/fakeTools.js';
import { withEnvironment } from '../test/withEnvironment.js';
import { describeEngines } from './describeEngines.js';
import { startRealEngines } from './startRealEngines.js';

let tools: FakeTools;
let dataDir: string;
beforeAll(async () => {
  tools = await fakeTools();
});
beforeEach(async () => {
  await tools.write('java', FAKE_JAVA);
  dataDir = await temporaryFolder('ums-engines-');
});
const start = () => withEnvironment(tools.env, () => startRealEngines({ dataDir }));

describe('startRealEngines', () => {
  it('starts both engines, each on its own folder, and stops both', async () => {
    const engines = await start();
    const { kafka, openSearch } = engines;
    expect(['kafka', 'opensearch'].map((name) => existsSync(join(dataDir, name, 'ports.json')))).toEqual([true, true]);
    await engines.stop();
    for (const { pid } of [kafka, openSearch]) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('leaves neither running when one of them fails', async () => {
    const pidFile = join(dataDir, 'kafka.pid');
    const script = `
      if (args.includes('OpenSearchNode')) process.exit(1);
      fs.writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
      console.log('Kafka Server started');`;
    await tools.write('java', FAKE_JAVA.replace(`console.log('Kafka Server started');`, script));
    await expect(start()).rejects.toThrow('OpenSearch 2.19.6 did not start: it ended with code 1.');
    await until(() => existsSync(pidFile));
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

describe('describeEngines', () => {
  it('prints versions, addresses, and the settings to paste', async () => {
    const engines = await start();
    const text = describeEngines(engines);
    expect(text).toContain(`Kafka ${engines.kafka.version}        ${engines.kafka.brokers} (pid ${engines.kafka.pid})`);
    expect(text).toContain(`export KAFKA_BROKERS=${engines.kafka.brokers}\n`);
    expect(text).toContain(`export OPENSEARCH_URL=${engines.openSearch.url}\n`);
    await engines.stop();
  });
});

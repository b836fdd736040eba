import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { atEndOfFile, temporaryFolder } from '../../test/atEndOfFile.js';
import { FAKE_JAVA, type FakeTools, fakeTools } from '../../test/fakeTools.js';
import { withEnvironment } from '../../test/withEnvironment.js';
import { type OpenSearch, type OpenSearchOptions, startOpenSearch } from './startOpenSearch.js';

/** A fake Java in place of OpenSearch; startOpenSearch.int.test.ts starts a real one. */
let tools: FakeTools;
let dataDir: string;
beforeAll(async () => {
  tools = await fakeTools();
});
beforeEach(async () => {
  await tools.write('java', FAKE_JAVA);
  dataDir = await temporaryFolder('ums-opensearch-');
});
const start = async (options: Partial<OpenSearchOptions> = {}): Promise<OpenSearch> => {
  const node = await withEnvironment(tools.env, () => startOpenSearch({ dataDir, ...options }));
  atEndOfFile(node.stop);
  return node;
};

describe('startOpenSearch', () => {
  it('waits until the node answers, and keeps the ports with the data', async () => {
    const first = await start();
    expect((await fetch(first.url)).status).toBe(200);
    await first.kill();
    const second = await start();
    expect(second.url).toBe(first.url);
    await second.stop();
    expect((await start({ port: 0 })).url).not.toBe(first.url);
  });

  it('passes settings that override the built-in ones', async () => {
    await tools.write('java', FAKE_JAVA.replace(`answer.end('{}')`, 'answer.end(JSON.stringify(args))'));
    const node = await start({ settings: { 'cluster.name': 'other', 'indexing_pressure.memory.limit': '1kb' } });
    const args: unknown = await (await fetch(node.url)).json();
    expect(args).toEqual(expect.arrayContaining(['cluster.name=other', 'indexing_pressure.memory.limit=1kb']));
    expect(args).not.toContain('cluster.name=local');
  });

  it('waits while the node answers that it is not healthy', async () => {
    const unhealthyTwice = `(globalThis.n = (globalThis.n ?? 0) + 1) < 3 ? answer.writeHead(408).end() : answer.end('{}')`;
    await tools.write('java', FAKE_JAVA.replace(`answer.end('{}')`, unhealthyTwice));
    const node = await start();
    expect((await fetch(node.url)).status).toBe(200);
  });

  it('throws the last lines when the node ends during the start', async () => {
    await tools.write(
      'java',
      FAKE_JAVA.replace(`console.log('Kafka Server started');`, `throw new Error('no memory')`),
    );
    await expect(start()).rejects.toThrow(
      /^OpenSearch \S+ did not start: it ended with code 1\. Its last lines:[\s\S]*no memory/,
    );
  });

  it('reports a node that ends later', async () => {
    const ended = new Promise<Error>((resolve) => {
      void start({ onFatal: resolve }).then((node) => process.kill(node.pid, 'SIGKILL'));
    });
    expect((await ended).message).toMatch(/^OpenSearch \S+ ended unexpectedly \(signal SIGKILL\)/);
  });
});

import { createServer } from 'node:net';
import { beforeAll, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../test/atEndOfFile.js';
import { damagedInstallation, installationWithoutArchive } from '../../test/copiedInstallation.js';
import { describeOnOwn } from '../../test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownOpenSearch } from '../../test/engineForTests.js';
import { withEnvironment } from '../../test/withEnvironment.js';
import { PortTaken } from '../realEngineFailed.js';
import { OPENSEARCH, type OpenSearch } from './startOpenSearch.js';

describeOnOwn(['OpenSearch'], 'startOpenSearch', () => {
  let dataDir: string;
  let node: OpenSearch;
  beforeAll(async () => {
    dataDir = await temporaryFolder('ums-opensearch-');
    node = await ownOpenSearch({ dataDir });
  }, ENGINE_START_TIMEOUT_MS);

  const store = async (id: string, text: string): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'PUT', headers, body: JSON.stringify({ text }) };
    expect((await fetch(`${node.url}/notes/_doc/${id}?refresh=true`, init)).status).toBe(201);
  };
  /** The number of documents that contain a word. */
  const found = async (word: string): Promise<number> => {
    const answer = await fetch(`${node.url}/notes/_search?q=text:${word}`);
    const body = (await answer.json()) as { hits: { total: { value: number } } };
    return body.hits.total.value;
  };
  const restart = async (options: Parameters<typeof ownOpenSearch>[0] = {}): Promise<void> => {
    node = await ownOpenSearch({ dataDir, ...options });
  };

  it('starts a node of the installed version that finds a document', async () => {
    await store('1', 'grace');
    expect(await found('grace')).toBe(1);
    expect(await (await fetch(node.url)).json()).toMatchObject({ version: { number: node.version } });
  });

  it('keeps documents and ports over a restart, and over kill -9 on another port', async () => {
    const before = node;
    await node.stop();
    await restart();
    expect(node.url).toBe(before.url);
    expect(await found('grace')).toBe(1);
    await store('2', 'grace');
    await node.kill();
    await restart({ port: 0 });
    expect(node.url).not.toBe(before.url);
    expect(await found('grace')).toBe(2);
  }, 600_000);

  it('chooses new ports when another program listens on the kept one, but not instead of a fixed one', async () => {
    const { port } = node;
    await node.stop();
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(port, '127.0.0.1', resolve));
    await expect(restart({ port })).rejects.toThrow(PortTaken);
    await restart();
    other.close();
    expect(node.port).not.toBe(port);
    expect(await found('grace')).toBe(2);
  }, 600_000);

  it('applies settings of the caller, and starts without a class archive', async () => {
    const ENGINES_CACHE = await installationWithoutArchive(OPENSEARCH);
    const settings = { 'indexing_pressure.memory.limit': '1kb' };
    const own = await withEnvironment({ ENGINES_CACHE }, () => ownOpenSearch({ settings }));
    const answer = await fetch(`${own.url}/_cluster/settings?include_defaults=true&flat_settings=true`);
    expect(await answer.json()).toMatchObject({ defaults: { 'indexing_pressure.memory.limit': '1kb' } });
    await own.stop();
  }, 300_000);

  it('shows the last lines of the log and the folder to delete when a jar is damaged', async () => {
    const ENGINES_CACHE = await damagedInstallation(OPENSEARCH, /^opensearch-2\./);
    const failing = withEnvironment({ ENGINES_CACHE }, () => ownOpenSearch());
    await expect(failing).rejects.toThrow(
      /^OpenSearch 2\.[\s\S]*may be damaged: delete \S+ and start again\. Its last lines:\n/,
    );
  }, 300_000);

  it('shows the last lines of the log when a setting is wrong', async () => {
    const failing = ownOpenSearch({ settings: { 'no.such.setting': '1' } });
    await expect(failing).rejects.toThrow(
      /^OpenSearch \S+ did not start: it ended with code 1\.[\s\S]*no\.such\.setting/,
    );
  }, 300_000);
});

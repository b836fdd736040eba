import { beforeAll, expect, it } from '@jest/globals';
import { describeOn } from '../../test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, openSearchForTests } from '../../test/engineForTests.js';
import type { OpenSearch } from './startOpenSearch.js';

describeOn(['OpenSearch'], 'startOpenSearch', () => {
  let node: OpenSearch;
  beforeAll(async () => {
    node = await openSearchForTests();
  }, ENGINE_START_TIMEOUT_MS);

  it('starts a node of the installed version that finds a document', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ text: 'found' });
    const put = await fetch(`${node.url}/notes/_doc/1?refresh=true`, { method: 'PUT', headers, body });
    expect(put.status).toBe(201);
    const found = await fetch(`${node.url}/notes/_search?q=text:found`);
    expect(await found.json()).toMatchObject({ hits: { total: { value: 1 } } });
    const root = await fetch(node.url);
    expect(await root.json()).toMatchObject({ version: { number: node.version } });
  });
});

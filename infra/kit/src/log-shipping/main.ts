import { parentPort, workerData } from 'node:worker_threads';
import { bulkIndexer } from './bulkIndexer.js';
import { prepareDataStream } from './dataStream.js';
import { ringReader } from './lineRing.js';
import { openSearchClient } from './openSearchClient.js';
import { shipLines } from './shipLines.js';
import { shippedCounts } from './shippedCounts.js';
import type { ShippingThreadData } from './startLogShipping.js';

const { ring, counts, access, dataStream, source } = workerData as ShippingThreadData;
const client = openSearchClient(access);
const stopping = new AbortController();
parentPort?.once('message', () => stopping.abort());

await shipLines({
  ring: ringReader(ring),
  prepare: () => prepareDataStream(client, dataStream),
  index: bulkIndexer({ client, index: dataStream, source }),
  onCounted: shippedCounts(counts).add,
  onNews: (news) => parentPort?.postMessage(news),
  stop: stopping.signal,
});
await client.close();

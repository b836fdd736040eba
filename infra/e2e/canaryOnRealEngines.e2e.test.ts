import { beforeAll, expect, it } from '@jest/globals';
import { STATE_TOPIC } from '@ums/contracts/kafka/topics';
import { forget } from '@ums/embedded/forget/forget';
import { silentLog } from '@ums/kit/log';
import { execute } from '../embedded/test/postgres.js';
import { filesWithTraces, traceFinder } from '../embedded/test/traceFinder.js';
import { atEndOfFile, temporaryFolder } from '../engines/test/atEndOfFile.js';
import { compactedTopic } from '../engines/test/compactedTopic.js';
import { describeOnOwn } from '../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownKafka, ownOpenSearch } from '../engines/test/engineForTests.js';
import { until } from '../kit/test/until.js';
import { IN_CLEAR, untilUploadDeleted } from './test/canary/expectNoTraces.js';
import { exportedTexts } from './test/canary/exportedTexts.js';
import { indexedDocuments, mergeSegments, plantedIndex } from './test/canary/indexedDocuments.js';
import { registerCanary } from './test/canary/registerCanary.js';
import { segmentRecords } from './test/canary/segmentRecords.js';
import { type Processes, startProcesses } from './test/startProcesses.js';
import { verifiedExport } from './test/verifiedExport.js';

/** Texts that the test plants where no person's data should ever be, to see that it would be found. */
const PLANTED = { planted: 'wzqkxv-planted-7j4q', packed: 'wzqkxv-packed-9h2m' };
/** Makes compaction look for work at once, and keeps indexes small: each partition has two, full of zeros. */
const BROKER = { 'log.cleaner.backoff.ms': '50', 'log.index.size.max.bytes': '65536' };
const STATES = /users\.state\.v1-\d+$/;

describeOnOwn(['Kafka', 'OpenSearch'], 'an erasure, on a real Kafka and OpenSearch', () => {
  let folders: Record<'kafka' | 'openSearch' | 'exports', string>;
  let openSearch: string;
  let states: Awaited<ReturnType<typeof compactedTopic>>;
  let processes: Processes;

  beforeAll(async () => {
    folders = {
      kafka: await temporaryFolder('ums-kafka-'),
      openSearch: await temporaryFolder('ums-opensearch-'),
      exports: await temporaryFolder('ums-exports-'),
    };
    const [{ brokers }, node] = await Promise.all([
      ownKafka({ dataDir: folders.kafka, properties: BROKER }),
      ownOpenSearch({ dataDir: folders.openSearch }),
    ]);
    openSearch = node.url;
    processes = await startProcesses({ KAFKA_BROKERS: brokers, OPENSEARCH_URL: openSearch });
    states = await compactedTopic(brokers, STATE_TOPIC);
    atEndOfFile(states.close);
  }, ENGINE_START_TIMEOUT_MS);

  it('G-03 leaves nothing that a person filled in databases, log, objects, topics, index, logs and exports, which still verify', async () => {
    const canary = await registerCanary(processes, processes.sources);
    const { story } = canary;
    const { dataDir, engines, sources } = processes;
    // The id outlives the erasure. It must be found everywhere, so each place is known to be searched.
    const traces = { ...canary.traces, ...PLANTED, id: story.ada.id };
    const find = traceFinder(traces);
    const namesIn = (content: Buffer | string) => [...find(Buffer.from(content as string))].sort();
    const namesBelow = async (folder: string) => Object.keys(await filesWithTraces(folder, traces)).sort();
    const takeOut = async (name: string): Promise<Buffer> =>
      Buffer.concat([Buffer.from(await exportedTexts(story)), await verifiedExport(processes, folders.exports, name)]);
    const sweep = async (exported: Buffer) => ({
      dataFolder: await namesBelow(dataDir),
      kafkaFiles: await namesBelow(folders.kafka),
      kafkaRecords: namesIn(await segmentRecords(folders.kafka)),
      documents: namesIn(await indexedDocuments(openSearch)),
      // Lucene compresses the documents, but not what was written since the last flush.
      indexFiles: (await namesBelow(folders.openSearch)).filter((name) => name !== 'id'),
      logs: namesIn(processes.output()),
      exports: namesIn(exported),
    });
    const stateValue = `"userId":"${story.ada.id}"`;
    const hasState = async () => (await segmentRecords(folders.kafka, STATES)).includes(stateValue);

    await states.plant(PLANTED.planted, PLANTED.packed);
    const index = plantedIndex(openSearch);
    await index.plant(PLANTED.planted);
    await until(async () => namesIn(await indexedDocuments(openSearch)).includes('id'));
    await until(hasState);
    await untilUploadDeleted(dataDir);
    const before = await takeOut('before');
    await execute(engines.postgres, 'checkpoint');
    expect(await sweep(before)).toEqual({
      dataFolder: [...IN_CLEAR, 'id'].sort(),
      kafkaFiles: ['id', 'planted'],
      kafkaRecords: ['id', 'packed', 'planted'],
      documents: ['id', 'planted'],
      indexFiles: ['planted'],
      logs: ['id'],
      exports: ['id'],
    });

    await canary.erase();
    await forget({ postgres: engines.postgres, vault: sources.vault, users: sources.users }, silentLog);
    const after = await takeOut('after');
    expect(String(after)).toContain('"UserErased"');
    await states.compact(async () => {
      const rest = await segmentRecords(folders.kafka, STATES);
      return !rest.includes(stateValue) && Object.values(PLANTED).every((text) => !rest.includes(text));
    });
    await index.remove();
    // The services ship their last lines before they end.
    await processes.close();
    await mergeSegments(openSearch);
    const onlyId = ['id'];
    expect(await sweep(after)).toEqual({
      ...{ dataFolder: onlyId, kafkaFiles: onlyId, kafkaRecords: onlyId, documents: onlyId, indexFiles: [] },
      ...{ logs: onlyId, exports: onlyId },
    });
  }, 600_000);
});

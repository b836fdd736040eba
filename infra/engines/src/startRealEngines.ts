import { join, resolve } from 'node:path';
import { closers } from '@ums/kit/closers';
import type { OnProgress } from './install/installOnce.js';
import { type Kafka, startKafka } from './kafka/startKafka.js';
import { type OpenSearch, startOpenSearch } from './openSearch/startOpenSearch.js';
import type { RealEngineFailed } from './realEngineFailed.js';

export interface RealEnginesOptions {
  /** Contains a folder for each engine; created when missing. */
  dataDir: string;
  onProgress?: OnProgress;
  /** Called when an engine has ended unexpectedly. */
  onFatal?: (error: RealEngineFailed) => void;
}

export interface RealEngines {
  dataDir: string;
  kafka: Kafka;
  openSearch: OpenSearch;
  stop(): Promise<void>;
}

/**
 * Starts Kafka and OpenSearch on one data folder.
 * @throws RealEngineFailed; nothing is left running then.
 */
export const startRealEngines = async ({ dataDir, ...options }: RealEnginesOptions): Promise<RealEngines> => {
  const { onClose, close } = closers();
  const path = resolve(dataDir);
  const starts = [
    startKafka({ dataDir: join(path, 'kafka'), ...options }),
    startOpenSearch({ dataDir: join(path, 'opensearch'), ...options }),
  ] as const;
  for (const start of starts)
    onClose(async () => {
      const engine = await start.catch(() => undefined);
      await engine?.stop();
    });
  try {
    const [kafka, openSearch] = await Promise.all(starts);
    return { dataDir: path, kafka, openSearch, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
};

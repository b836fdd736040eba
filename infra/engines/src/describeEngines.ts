import type { RealEngines } from './startRealEngines.js';

const NAME_WIDTH = 19;

/** The text printed once the engines are ready: addresses, versions, and the settings to paste into a shell. */
export const describeEngines = ({ kafka, openSearch, dataDir }: Omit<RealEngines, 'stop'>): string => `
Ready.
  ${`Kafka ${kafka.version}`.padEnd(NAME_WIDTH)}${kafka.brokers} (pid ${kafka.pid})
  ${`OpenSearch ${openSearch.version}`.padEnd(NAME_WIDTH)}${openSearch.url} (pid ${openSearch.pid})
  ${'Data'.padEnd(NAME_WIDTH)}${dataDir}

To use them, paste into the shell that runs npm start:
  export KAFKA_BROKERS=${kafka.brokers}
  export OPENSEARCH_URL=${openSearch.url}

Ctrl-C stops both.
`;

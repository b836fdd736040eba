import type { RealEngines } from './startRealEngines.js';

/** The text printed once the engines are ready: addresses, versions, and the settings to paste into a shell. */
export const describeEngines = ({ kafka, openSearch, dataDir }: Omit<RealEngines, 'stop'>): string => `
Ready.
  Kafka ${kafka.version}         ${kafka.brokers}
  OpenSearch ${openSearch.version}   ${openSearch.url}
  Data                ${dataDir}

To use them, paste into the shell that runs npm start:
  export KAFKA_BROKERS=${kafka.brokers}
  export OPENSEARCH_URL=${openSearch.url}

Ctrl-C stops both.
`;

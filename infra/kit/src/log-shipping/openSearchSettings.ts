import { optional, secret, text } from '../env.js';
import { baseUrl } from '../webAddress.js';

/** The variables of a process that ships its logs. Without `OPENSEARCH_URL`, they go to stdout only. */
export const openSearchSettings = () => ({
  OPENSEARCH_URL: optional(baseUrl()),
  OPENSEARCH_USERNAME: optional(text()),
  OPENSEARCH_PASSWORD: optional(secret()),
});

export interface OpenSearchSettings {
  OPENSEARCH_URL: string | undefined;
  OPENSEARCH_USERNAME: string | undefined;
  OPENSEARCH_PASSWORD: string | undefined;
}

import { optional, secret, text } from '../env.js';
import { certificates } from '../transport/certificates.js';
import { engineUrl } from '../transport/engineUrl.js';
import type { OpenSearchAccess } from './openSearchClient.js';

/** The variables of a process that ships its logs. Without `OPENSEARCH_URL`, they go to stdout only. */
export const openSearchSettings = () => ({
  OPENSEARCH_URL: optional(engineUrl()),
  OPENSEARCH_CA_FILE: optional(certificates()),
  OPENSEARCH_USERNAME: optional(text()),
  OPENSEARCH_PASSWORD: optional(secret()),
});

export interface OpenSearchSettings {
  OPENSEARCH_URL: string | undefined;
  /** Certificates, PEM. */
  OPENSEARCH_CA_FILE: string | undefined;
  OPENSEARCH_USERNAME: string | undefined;
  OPENSEARCH_PASSWORD: string | undefined;
}

/** `undefined` without `OPENSEARCH_URL`. */
export const openSearchAccess = (settings: OpenSearchSettings): OpenSearchAccess | undefined =>
  settings.OPENSEARCH_URL === undefined
    ? undefined
    : {
        url: settings.OPENSEARCH_URL,
        ca: settings.OPENSEARCH_CA_FILE,
        username: settings.OPENSEARCH_USERNAME,
        password: settings.OPENSEARCH_PASSWORD,
      };

import { S3Client } from '@aws-sdk/client-s3';
import { sdkCredentials } from '../transport/sdkCredentials.js';
import { SDK_SETTINGS } from '../transport/sdkSettings.js';

export interface S3Access {
  /** Replaces the AWS endpoint; requests to it name the bucket in the path. */
  endpoint?: string | undefined;
  region: string;
  bucket: string;
  /** By default the AWS SDK finds them (container, instance …). */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
}

/** The breaker bounds calls; bodies that are still being read hold a connection, too. */
const MAX_SOCKETS = 200;

/**
 * The client of all S3 calls. Every option that the SDK would read from `AWS_*` variables or a profile is set, except
 * credentials that are not given, so that the settings of another program do not change where and how it connects.
 */
export const s3Client = ({ endpoint, region, credentials }: Omit<S3Access, 'bucket'>, timeoutMs: number): S3Client => {
  const client = new S3Client({
    ...SDK_SETTINGS,
    region,
    endpoint: endpoint ?? `https://s3.${region}.amazonaws.com`,
    forcePathStyle: endpoint !== undefined,
    credentials: credentials ?? sdkCredentials(),
    // A checksum in a trailer is not supported by all servers; Content-Length and TLS protect the content.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // It would give each large upload a connection of its own.
    expectContinueHeader: false,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    useAccelerateEndpoint: false,
    useArnRegion: false,
    disableMultiregionAccessPoints: true,
    disableS3ExpressSessionAuth: true,
    requestHandler: {
      // Leaves as much time for the answer as for the connection.
      connectionTimeout: timeoutMs / 2,
      requestTimeout: timeoutMs,
      // Otherwise the SDK only warns.
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    },
  });
  // It would warn of each stream that it cannot begin again on the console. The storage repeats calls itself.
  client.middlewareStack.add((next) => next, {
    name: 'retryMiddleware',
    step: 'finalizeRequest',
    priority: 'high',
    override: true,
  });
  return client;
};

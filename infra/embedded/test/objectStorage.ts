import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStorageSettings } from '@ums/kit/object-storage/objectStorageSettings';
import type { S3Access } from '@ums/kit/object-storage/s3Client';
import { startS3 } from '../src/s3/startS3.js';

export interface TestObjectStorage {
  access: S3Access;
  /** `access` as settings of a service. @param port of a proxy in front of it */
  settings(port?: number): { [N in keyof ObjectStorageSettings]: string };
  close(): Promise<void>;
}

/** An empty embedded object storage. */
export const testObjectStorage = async (): Promise<TestObjectStorage> => {
  const folder = await mkdtemp(join(tmpdir(), 'ums-s3-'));
  const { access, close } = await startS3({ folder });
  const { endpoint = '', bucket, credentials } = access;
  return {
    access,
    settings: (port = Number(new URL(endpoint).port)) => ({
      ...{ S3_ENDPOINT: `http://127.0.0.1:${port}`, S3_REGION: access.region, S3_BUCKET: bucket },
      S3_ACCESS_KEY_ID: credentials?.accessKeyId ?? '',
      S3_SECRET_ACCESS_KEY: credentials?.secretAccessKey ?? '',
    }),
    close: async () => {
      await close();
      await rm(folder, { recursive: true });
    },
  };
};

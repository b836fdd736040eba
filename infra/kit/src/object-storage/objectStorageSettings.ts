import { ConfigFault, optional, secret, text } from '../env.js';
import { engineUrl } from '../transport/engineUrl.js';
import type { S3Access } from './s3Client.js';

/** The variables of a process that stores objects or links to them. */
export const objectStorageSettings = () => ({
  /** @default that of AWS in the region */
  S3_ENDPOINT: optional(engineUrl()),
  S3_REGION: text('us-east-1'),
  S3_BUCKET: text(),
  /** Without it and its secret, the AWS SDK finds credentials itself. */
  S3_ACCESS_KEY_ID: optional(text()),
  S3_SECRET_ACCESS_KEY: optional(secret()),
});

export interface ObjectStorageSettings {
  S3_ENDPOINT: string | undefined;
  S3_REGION: string;
  S3_BUCKET: string;
  S3_ACCESS_KEY_ID: string | undefined;
  S3_SECRET_ACCESS_KEY: string | undefined;
}

/** @throws ConfigFault when one half of the credentials is missing. */
export const s3Access = (settings: ObjectStorageSettings): S3Access => {
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw new ConfigFault(['S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must both be set, or neither']);
  return {
    endpoint: settings.S3_ENDPOINT,
    region: settings.S3_REGION,
    bucket: settings.S3_BUCKET,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
  };
};

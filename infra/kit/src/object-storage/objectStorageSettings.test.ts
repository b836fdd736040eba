import { describe, expect, it } from '@jest/globals';
import { parseEnv } from '../env.js';
import { objectStorageSettings, s3Access } from './objectStorageSettings.js';

const read = (env: Record<string, string>) => s3Access(parseEnv(objectStorageSettings(), env));

describe('the settings of the object storage', () => {
  it('K-01 need the bucket only, and pass on what is set', () => {
    expect(read({ S3_BUCKET: 'files' })).toEqual({
      endpoint: undefined,
      region: 'us-east-1',
      bucket: 'files',
      credentials: undefined,
    });
    const env = { S3_BUCKET: 'files', S3_ENDPOINT: 'http://s3:9000/', S3_REGION: 'eu-west-1' };
    expect(read({ ...env, S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'a secret access key' })).toEqual({
      endpoint: 'http://s3:9000',
      region: 'eu-west-1',
      bucket: 'files',
      credentials: { accessKeyId: 'id', secretAccessKey: 'a secret access key' },
    });
  });

  it('K-01 refuse one half of the credentials', () => {
    for (const half of [{ S3_ACCESS_KEY_ID: 'id' }, { S3_SECRET_ACCESS_KEY: 'a secret access key' }])
      expect(() => read({ S3_BUCKET: 'files', ...half })).toThrow(/must both be set, or neither/);
    expect(() => read({})).toThrow(/S3_BUCKET is missing/);
  });
});

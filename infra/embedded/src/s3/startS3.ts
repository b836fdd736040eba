import { randomBytes } from 'node:crypto';
import { listen } from '@ums/kit/http/listen';
import { lazily } from '@ums/kit/lazily';
import express from 'express';
import { prepareFolders } from './prepareFolders.js';
import type { KeyPair } from './requestHandler.js';

/** How to reach the only bucket. */
export interface BucketAccess {
  endpoint: string;
  region: string;
  bucket: string;
  /** New at each start. */
  credentials: KeyPair;
}

export interface S3 {
  access: BucketAccess;
  close(): Promise<void>;
}

const BUCKET = 'user-files';
const KEY_BYTES = 20;

/**
 * Starts a local S3 with one bucket on 127.0.0.1, in files below the folder: put, get, head, delete, list, and links to read
 * an object. Every request must be signed.
 * @param port @default chosen by the system
 * @throws StartRefused when the port is taken.
 */
export const startS3 = async ({ folder, port = 0 }: { folder: string; port?: number }): Promise<S3> => {
  await prepareFolders(folder, BUCKET);
  const credentials = { accessKeyId: randomKey(), secretAccessKey: randomKey() };
  const loaded = lazily(() => load(folder, credentials));
  const app = express().disable('x-powered-by');
  app.use(async (request, response, next) => {
    const { restrict, handle } = await loaded.get();
    restrict(request, response, (error) => (error === undefined ? handle(request, response, next) : next(error)));
  });
  const server = await listen(app, { host: '127.0.0.1', port });
  return {
    access: { endpoint: `http://127.0.0.1:${server.port}`, region: 'us-east-1', bucket: BUCKET, credentials },
    close: async () => {
      await server.close();
      (await loaded.current())?.revoke();
    },
  };
};

/** The library takes 25 MB of memory and a third of a second, so it is loaded with the first request. */
const load = async (folder: string, credentials: KeyPair) => {
  const [{ openRequestHandler }, { restrictRequests }] = await Promise.all([
    import('./requestHandler.js'),
    import('./restrictRequests.js'),
  ]);
  return { ...openRequestHandler(folder, credentials), restrict: restrictRequests(BUCKET) };
};

const randomKey = (): string => randomBytes(KEY_BYTES).toString('hex');

import S3rver from '@20minutes/s3rver';
import accounts from '@20minutes/s3rver/lib/models/account.js';
import type { RequestHandler } from 'express';
import { FileStore } from './fileStore.js';

export interface KeyPair {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The library accepts requests that are signed with this key by default. */
const WELL_KNOWN_KEY = 'S3RVER';

/** Answers requests that are signed with the key pair. The library keeps key pairs for the whole process, until `revoke`. */
export const openRequestHandler = (
  folder: string,
  { accessKeyId, secretAccessKey }: KeyPair,
): { handle: RequestHandler; revoke: () => void } => {
  const account = accounts.DUMMY_ACCOUNT;
  account.revokeAccessKey(WELL_KNOWN_KEY);
  account.createKeyPair(accessKeyId, secretAccessKey);
  const store = new FileStore(folder);
  const server = new S3rver({ directory: folder, silent: true, vhostBuckets: false });
  server.store = store;
  server.context.store = store;
  server.middleware.unshift(async (context, next) => {
    // Clients sign the path of the bucket with its slash at the end, the library without.
    if (/^\/[^/]+\/$/.test(context.path)) {
      context.mountPath = '/';
      Object.defineProperty(context.state, 'vhost', { get: () => true, set: () => undefined });
    }
    await next();
  });
  const answer = server.callback();
  return {
    handle: (request, response) => void answer(request, response),
    revoke: () => account.revokeAccessKey(accessKeyId),
  };
};

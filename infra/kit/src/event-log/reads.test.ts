import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { waitOf } from '../wait.js';
import { reads } from './reads.js';
import type { RenewableClient } from './renewableClient.js';

/** A read whose answer does not come. */
const silent = () => Object.assign(new PassThrough({ objectMode: true }), { cancel: async () => undefined });
/** A read that fails at once. */
const failing = (error: Error) => silent().destroy(error);

describe('a read of the event log', () => {
  it('F-03 fails with the error of an earlier attempt when its time limit cuts the last one short', async () => {
    const refused = new Error('the certificate is refused');
    const answers = [() => failing(refused), silent];
    const readAll = () => (answers.length > 1 ? answers.shift() : answers[0])?.();
    const client = { current: () => ({ readAll }), replace: () => undefined, close: async () => undefined };
    const { head } = reads({
      ...{ client: client as unknown as RenewableClient, credentials: { username: '-', password: '-' } },
      ...{ silenceMs: 500, retryUntil: new AbortController().signal },
    });
    const error = await head().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'LogUnavailable', cause: refused });
    expect(waitOf(error)).toMatchObject({ limit: 'not answered within 500 ms' });
  });
});

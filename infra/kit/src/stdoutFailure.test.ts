import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { setReaderGoneListener } from './logDestination.js';
import { onStdoutFailure, StdoutClosed } from './stdoutFailure.js';

afterEach(() => setReaderGoneListener(() => undefined));

describe('onStdoutFailure', () => {
  it('tells an operator that the reader of stdout is gone, and nothing of a full disk', () => {
    const stdout = new PassThrough() as unknown as NodeJS.WriteStream;
    const failures: Error[] = [];
    onStdoutFailure((error) => failures.push(error), stdout);
    stdout.emit('error', Object.assign(new Error('write'), { code: 'EPIPE' }));
    stdout.emit('error', Object.assign(new Error('write'), { code: 'ENOSPC' }));
    expect(failures).toEqual([expect.any(StdoutClosed)]);
    expect(failures[0]).toMatchObject({ printable: true, cause: { code: 'EPIPE' } });
  });
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const PROGRAM = join(import.meta.dirname, '../public/consumer/followUsers.mjs');

it('ends with one sentence and exit code 1 when no broker answers', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, '127.0.0.1:1'], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({
    ...{ status: 1, stdout: '' },
    stderr: expect.stringMatching(/^No broker answers at 127\.0\.0\.1:1 \(KafkaJS\w+\)\.\n$/),
  });
});

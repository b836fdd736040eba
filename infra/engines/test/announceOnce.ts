import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';

/** Writes a line to stderr, once in a test run however many files announce it. */
export const announceOnce = (line: string, folder = process.env.TEST_CLUSTER): void => {
  if (folder !== undefined) {
    const name = `announced-${createHash('sha256').update(line).digest('hex').slice(0, 16)}`;
    try {
      writeFileSync(join(folder, name), '', { flag: 'wx' });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      return;
    }
  }
  process.stderr.write(`${line}\n`);
};

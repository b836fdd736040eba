import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { writeComposeEnv } from '@ums/commands/composeEnv/writeComposeEnv';
import type { Environment } from '@ums/kit/env';

/** What `npm run compose:env` writes, read as Docker Compose reads it. */
export const secretsForTests = async (): Promise<Environment> => {
  const folder = await mkdtemp(join(tmpdir(), 'ums-compose-'));
  try {
    const path = join(folder, '.env');
    await writeComposeEnv([], path);
    return parseEnv(await readFile(path, 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from '@ums/kit/env';

/** The folder of all installed engines: ENGINES_CACHE. @default ~/.cache/ums-engines */
export const cacheFolder = (env: Environment = process.env): string =>
  resolve(env.ENGINES_CACHE?.trim() || join(homedir(), '.cache', 'ums-engines'));

import { readDataDir } from '@ums/embedded/config';
import type { Environment } from '@ums/kit/env';
import type { ProgressDisplay } from '../progress/progressOn.js';
import { newKeyCommand } from './newKeyCommand.js';
import { readKeysOrder } from './readKeysOrder.js';
import { rewrapCommand } from './rewrapCommand.js';
import { rewriteAddressesCommand } from './rewriteAddressesCommand.js';

/**
 * `npm run -s keys`: replaces the keys that data is stored under.
 *
 * @returns the sentence to print.
 * @throws StartRefused with one sentence, or the usage.
 */
export const keysCommand = async (
  args: readonly string[],
  env: Environment,
  display: ProgressDisplay,
): Promise<string> => {
  const order = readKeysOrder(args);
  const dataDir = readDataDir({ ...env });
  try {
    if (order.command === 'new') return await newKeyCommand(order.name, env, dataDir);
    if (order.command === 'rewrap') return await rewrapCommand(env, dataDir, display);
    return await rewriteAddressesCommand(env, dataDir, display);
  } finally {
    display.end();
  }
};

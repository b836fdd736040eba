import { firstAdministrator } from '@ums/command-api/administration/firstAdministrator';
import { readAdminConfig } from '@ums/command-api/config';
import type { Environment } from '@ums/kit/env';
import { createLog } from '@ums/kit/log';
import { readDataDir } from '../config.js';
import { EngineFailed } from '../engineFailed.js';
import { adminEnvironment } from './adminEnvironment.js';

/**
 * `npm run -s admin -- <email>`
 * @returns what to tell the operator.
 * @throws StartRefused with one sentence.
 */
export async function appoint(args: readonly string[], env: Environment): Promise<string> {
  const [email, ...others] = args;
  if (email === undefined || others.length > 0) throw new EngineFailed('Usage: npm run -s admin -- <email>');
  const config = readAdminConfig(await adminEnvironment(env, readDataDir({ ...env })));
  await firstAdministrator(config, { email, log: createLog({ service: 'admin', level: 'silent' }) });
  return 'The user is an administrator now; a new log-in carries the role.';
}

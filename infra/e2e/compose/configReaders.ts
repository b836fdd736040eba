import { readConfig as commandApi } from '@ums/command-api/config';
import { readConfig as databases } from '@ums/commands/databases/createDatabases';
import type { Environment } from '@ums/kit/env';
import { readConfig as notary } from '@ums/notary/config';
import { readConfig as notifier } from '@ums/notifier/config';
import { readConfig as projector } from '@ums/projector/config';
import { readConfig as queryApi } from '@ums/query-api/config';
import type { ProgramName } from './composeFile.js';

/** What each program of the image reads from its environment. They throw a ConfigFault that lists every faulty variable. */
export const CONFIG_READERS: Readonly<Record<ProgramName, (env: Environment) => Readonly<Record<string, unknown>>>> = {
  'command-api': commandApi,
  'query-api': (env) => queryApi({ ...env }),
  projector: (env) => projector({ ...env }),
  notifier: (env) => notifier({ ...env }),
  notary: (env) => notary({ ...env }),
  databases,
};

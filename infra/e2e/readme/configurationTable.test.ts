import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readConfig as commandApi } from '@ums/command-api/config';
import { readConfig as start } from '@ums/embedded/config';
import { ConfigFault, type Environment } from '@ums/kit/env';
import { readConfig as notary } from '@ums/notary/config';
import { readConfig as notifier } from '@ums/notifier/config';
import { readConfig as projector } from '@ums/projector/config';
import { readConfig as queryApi } from '@ums/query-api/config';
import { describedVariables } from './readReadme.js';

const READERS: Record<string, (env: Environment) => object> = {
  start: (env) => start({ ...env }),
  'command-api': commandApi,
  projector: (env) => projector({ ...env }),
  notifier: (env) => notifier({ ...env }),
  // It needs one of several places for checkpoints.
  notary: (env) => ({ ...notary({ CHECKPOINT_DIR: '/checkpoints', ...env }), CHECKPOINT_DIR: undefined }),
  'query-api': (env) => queryApi({ ...env }),
};

const SAMPLES = [
  'esdb://127.0.0.1:2113?tls=false',
  'postgresql://user@127.0.0.1/database',
  'https://users.example.org',
  'users@example.org',
  randomBytes(32).toString('base64url'),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
];

/** Names of the variables that a reader requires. */
const requiredBy = (read: (env: Environment) => object): string[] => {
  try {
    read({});
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return error.faults.filter((fault) => fault.includes('missing')).map((fault) => fault.split(' ')[0] as string);
  }
};

/** An environment with a valid sample for each required variable, so that reading it shows the defaults of the others. */
const environmentFor = (read: (env: Environment) => object): Record<string, string> => {
  const env: Record<string, string> = {};
  for (const name of requiredBy(read)) {
    const valid = SAMPLES.find((sample) => {
      try {
        read({ ...env, [name]: sample });
        return true;
      } catch (error) {
        return error instanceof ConfigFault && !error.faults.some((fault) => fault.startsWith(`${name} `));
      }
    });
    env[name] = valid ?? '';
  }
  return env;
};

const asCell = (value: unknown): string => {
  if (value === undefined) return 'none';
  return Array.isArray(value) && value.length === 0 ? 'empty' : String(value);
};

describe('the configuration table of the README', () => {
  for (const [reader, read] of Object.entries(READERS)) {
    it(`lists exactly the variables that ${reader} reads, with their defaults`, () => {
      const required = requiredBy(read);
      const values = Object.entries(read(environmentFor(read)));
      const actual = values.map(([name, value]) => [name, required.includes(name) ? 'required' : asCell(value)]);
      const described = describedVariables().filter((variable) => variable.reader === reader);
      expect(described.map(({ name, defaultValue }) => [name, defaultValue]).sort()).toEqual(actual.sort());
    });
  }
});

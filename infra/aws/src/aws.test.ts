import { describe, expect, it } from '@jest/globals';
import { deliveryTests } from '../test/delivery.js';
import { encryptionTests } from '../test/encryption.js';
import { githubTests } from '../test/github.js';
import { reachTests } from '../test/reach.js';
import { roleTests } from '../test/roles.js';
import { ruleTests } from '../test/rules.js';
import { secretTests } from '../test/secrets.js';
import { settingsTests } from '../test/settings.js';
import { storeTests } from '../test/stores.js';
import { STACKS } from '../test/synthesized.js';
import { ENVIRONMENTS } from './size/environments.js';

const NAMES = ['keys', 'network', 'data', 'logs', 'mail', 'edge', 'service'];

// One suite, because synthesising takes longer than all of the tests.
describe('the stacks', () => {
  it('are seven of each environment and the delivery, with one line each', () => {
    const names = [
      ...ENVIRONMENTS.flatMap((environment) => NAMES.map((name) => `ums-${environment}-${name}`)),
      'ums-delivery',
    ];
    expect(STACKS.map(({ name }) => name).sort()).toEqual(names.sort());
    for (const { name, line, resources } of STACKS)
      expect(line).toMatch(new RegExp(`^${name}: ${resources.size} resources, /.+\\.json$`));
  });

  reachTests();
  encryptionTests();
  roleTests();
  ruleTests();
  settingsTests();
  secretTests();
  storeTests();
  deliveryTests();
  githubTests();
});

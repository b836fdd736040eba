import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { faultSuites } from './faultSuites.mjs';

describe('faultSuites', () => {
  it('lists suites that use faultRounds and suites in this folder, and no others', async () => {
    const suites = await faultSuites(join(import.meta.dirname, '..', '..'));
    expect(suites).toEqual(
      expect.arrayContaining([
        'command-api/src/session/refresh.int.test.ts',
        'infra/faults/faultSuites.test.ts',
        'infra/kit/src/event-log/unknownOutcome.int.test.ts',
        'projector/src/projection/applyBatch.int.test.ts',
      ]),
    );
    expect(suites).not.toContain('contracts/src/routes.test.ts');
    expect(suites.filter((path) => path.includes('node_modules'))).toEqual([]);
  });
});

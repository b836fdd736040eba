import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ACCEPTED } from '../src/nag/accepted.js';
import { checkRules } from '../src/nag/checkRules.js';
import { resourcesOf } from './synthesized.js';

export const ruleTests = (): void =>
  describe('cdk-nag', () => {
    it('fails the synthesis of a stack with a finding that is not accepted', () => {
      const folder = mkdtempSync(join(tmpdir(), 'ums-aws-'));
      try {
        const app = new App({ outdir: folder, analyticsReporting: false });
        // Its server access logs are accepted everywhere; that it takes requests without TLS is not.
        new Bucket(new Stack(app, 'stack'), 'open');
        checkRules(app);
        expect(() => app.synth()).toThrow('does not require requests to use SSL');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    it.each(ACCEPTED)('$rule is accepted with a reason, at resources that exist', ({ type, reason }) => {
      expect(resourcesOf(type)).not.toEqual([]);
      expect(reason.length).toBeGreaterThan(15);
    });
  });

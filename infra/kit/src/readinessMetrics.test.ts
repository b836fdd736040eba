import { describe, expect, it } from '@jest/globals';
import { metricsText } from './metrics.js';
import type { Readiness } from './readiness.js';
import { exposeReadiness } from './readinessMetrics.js';

describe('exposeReadiness', () => {
  it('checks once for each reading of the metrics, and leaves out what cannot be checked', async () => {
    let checked = 0;
    let answer: Promise<Readiness> = Promise.resolve({ ready: false, checks: { log: 'up', vault: 'behind' } });
    exposeReadiness(() => {
      checked += 1;
      return answer;
    });
    const { text } = await metricsText();
    expect(text).toMatch(/^ums_ready 0$/m);
    expect(text).toMatch(/^ums_check_up\{check="log"\} 1$/m);
    expect(text).toMatch(/^ums_check_up\{check="vault"\} 0$/m);
    expect(checked).toBe(1);
    answer = Promise.resolve({ ready: true, checks: { log: 'up' } });
    expect((await metricsText()).text).toMatch(/^ums_ready 1$/m);
    answer = Promise.reject(new Error('closed'));
    expect((await metricsText()).text).not.toMatch(/^ums_(ready|check_up)/m);
  });
});

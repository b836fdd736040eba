import { describe, expect, it } from '@jest/globals';
import { isProduction } from './productionMode.js';

describe('isProduction', () => {
  it.each(['production', ' production', 'production\r', '"production"', "'production'", 'Production'])(
    'K-04 is true for %j',
    (NODE_ENV) => expect(isProduction({ NODE_ENV })).toBe(true),
  );

  it.each([undefined, '', 'development', 'test', 'pre-production'])('is false for %j', (NODE_ENV) =>
    expect(isProduction({ NODE_ENV })).toBe(false),
  );
});

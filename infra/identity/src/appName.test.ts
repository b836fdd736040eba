import { describe, expect, it } from '@jest/globals';
import { parseEnv } from '@ums/kit/env';
import { appName } from './appName.js';

const read = (APP_NAME?: string) => parseEnv({ APP_NAME: appName() }, { APP_NAME }).APP_NAME;

describe('appName', () => {
  it.each(['Example Club', 'Bücher & Söhne', '図書館', 'R&D <beta>'])('accepts %s', (name) => {
    expect(read(name)).toBe(name);
  });

  it('has a default', () => {
    expect(read()).toBe('User management');
  });

  it.each(['two\nlines', 'a\u2028b', 'a\u202eb', 'a\u00a0b', 'a\u0007b', 'x'.repeat(61)])('rejects %j', (name) => {
    expect(() => read(name)).toThrow('APP_NAME must be one line of at most 60 printable characters');
  });
});

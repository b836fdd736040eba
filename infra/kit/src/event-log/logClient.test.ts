import { describe, expect, it } from '@jest/globals';
import { StartRefused } from '../startRefused.js';
import { logAddress } from './logClient.js';

describe('logAddress', () => {
  it('takes the credentials of the URL, or dummies where the log asks for none', () => {
    expect(logAddress('esdb://127.0.0.1:2113?tls=false').credentials).toEqual({ username: '-', password: '-' });
    const { credentials } = logAddress('esdb://writer:p%40ss@a.example:2113,b.example:2113?nodePreference=leader');
    expect(credentials).toEqual({ username: 'writer', password: 'p@ss' });
  });

  it('K-01 refuses a URL it cannot use with one sentence that does not quote it', () => {
    for (const url of [
      'esdb://127.0.0.1:2113',
      'esdb://writer:secret@?tls=maybe',
      'http://writer:secret@h',
      'nonsense?tls=false',
    ]) {
      const attempt = () => logAddress(url);
      expect(attempt).toThrow(/^EVENTSTORE_URL [^.]*\.$/);
      expect(attempt).not.toThrow(/secret/);
    }
  });

  it.each(['esdb://admin:changeit@log.example:2113', 'esdb://ops:changeit@log.example:2113?tls=false'])(
    'A-07 refuses the password that every new server has: %s',
    (url) => {
      expect(() => logAddress(url)).toThrow(StartRefused);
      expect(() => logAddress(url)).toThrow(/comes with; change it there first\.$/);
      expect(() => logAddress(url.replace('changeit', 'changed'))).not.toThrow();
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import { StartRefused } from '../startRefused.js';
import { logAddress } from './logClient.js';

describe('logAddress', () => {
  it('takes the credentials from the URL, or placeholders when it has none', () => {
    expect(logAddress('esdb://127.0.0.1:2113?tls=false').credentials).toEqual({ username: '-', password: '-' });
    const { credentials } = logAddress('esdb://writer:p%40ss@a.example:2113,b.example:2113?nodePreference=leader');
    expect(credentials).toEqual({ username: 'writer', password: 'p@ss' });
  });

  it('K-01 refuses an unusable URL with one sentence that does not contain it', () => {
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
    'A-07 refuses the default password of the server: %s',
    (url) => {
      expect(() => logAddress(url)).toThrow(StartRefused);
      expect(() => logAddress(url)).toThrow(/comes with; change it there first\.$/);
      expect(() => logAddress(url.replace('changeit', 'changed'))).not.toThrow();
    },
  );
});

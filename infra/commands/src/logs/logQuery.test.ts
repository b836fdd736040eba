import { describe, expect, it } from '@jest/globals';
import { parseLogQuery } from './logQuery.js';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const parse = (...args: string[]) => parseLogQuery(args, NOW);

describe('parseLogQuery', () => {
  it('selects the newest 500 lines without arguments', () => {
    expect(parse()).toEqual({ limit: 500, follow: false });
  });

  it('reads every filter', () => {
    const id = '0F0F0F0F-0000-4000-8000-000000000001';
    expect(parse('--correlation', id, '--user', id, '--route', '/api/v1/user', '--limit', '10000', '--follow')).toEqual(
      {
        ...{
          correlationId: id.toLowerCase(),
          userId: id.toLowerCase(),
          route: '/api/v1/user',
          limit: 10_000,
          follow: true,
        },
      },
    );
  });

  it('takes a route as the API document writes it', () => {
    expect(parse('--route', '/api/v1/users/{id}/roles').route).toBe('/api/v1/users/:id/roles');
  });

  it.each([
    ['90s', '2026-11-26T11:58:30Z'],
    ['10m', '2026-11-26T11:50:00Z'],
    ['2h', '2026-11-26T10:00:00Z'],
    ['30d', '2026-10-27T12:00:00Z'],
    ['2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z'],
  ])('reads --since %s', (text, expected) => {
    expect(parse('--since', text).since).toBe(Date.parse(expected));
  });

  it.each([
    [['--since', 'yesterday'], /^--since must be an age/],
    [['--since', '0d'], /^--since must be an age/],
    [['--correlation', 'foo'], /^--correlation must be a UUID/],
    [['--limit', '0'], /^--limit must be a number from 1 to 10000/],
    [['--limit', '10001'], /^--limit must be/],
    [['--limit', '1e3'], /^--limit must be/],
    [['--colour'], /^Unknown option '--colour'\.\n\nnpm run -s logs/],
    [['--user'], /argument missing/],
    [['list'], /^Unexpected argument 'list'/],
  ])('refuses %j with a sentence', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});

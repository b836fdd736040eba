import { describe, expect, it } from '@jest/globals';
import { logServer } from './program/launches.js';
import { SIZES } from './sizes.js';

describe('SIZES', () => {
  it('replays no more users than the key cache holds, and more users than the comparison has events', () => {
    const { users, oneByOne } = SIZES.useCases.catchUp;
    expect(users).toBeLessThanOrEqual(20_000);
    expect(oneByOne).toBeLessThan(users);
  });

  it('has at least three rounds for each median', () => {
    expect(Math.min(SIZES.service.cost.rounds, SIZES.useCases.command.rounds, SIZES.starts)).toBeGreaterThanOrEqual(3);
  });
});

describe('logServer', () => {
  it('is ready when it prints its URL', () => {
    const { command, ready } = logServer('/data');
    expect(command.slice(-4)).toEqual(['--port', '0', '--data', '/data']);
    expect(ready.exec('ready esdb://127.0.0.1:2113?tls=false\n')?.[1]).toBe('esdb://127.0.0.1:2113?tls=false');
  });
});

import { describe, expect, it } from '@jest/globals';
import { logServer } from './program/launches.js';
import { SIZES } from './sizes.js';

describe('what npm run bench does', () => {
  it('replays no more users than keys are cached, and more events than the comparison takes', () => {
    const { users, oneByOne } = SIZES.engines.catchUp;
    expect(users).toBeLessThanOrEqual(20_000);
    expect(oneByOne).toBeLessThan(users);
  });

  it('takes its medians of several rounds', () => {
    expect(Math.min(SIZES.service.cost.rounds, SIZES.engines.append.rounds, SIZES.starts)).toBeGreaterThanOrEqual(3);
  });

  it('knows the log server by the line that says its URL', () => {
    const { command, ready } = logServer('/data');
    expect(command.slice(2)).toEqual(['--port', '0', '--data', '/data']);
    expect(ready.exec('ready esdb://127.0.0.1:2113?tls=false\n')?.[1]).toBe('esdb://127.0.0.1:2113?tls=false');
  });
});

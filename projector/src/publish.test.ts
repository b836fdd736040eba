import { describe, expect, it } from '@jest/globals';
import { readPublishOrder } from './publish.js';

describe('readPublishOrder', () => {
  it('reads a range of positions, or the order to send all states', () => {
    expect(readPublishOrder(['--from', '0', '--to', '1200'])).toEqual({
      dryRun: false,
      states: false,
      range: { from: 0n, to: 1_200n },
    });
    expect(readPublishOrder(['--from', '7', '--to', '7', '--dry-run'])).toMatchObject({ dryRun: true });
    expect(readPublishOrder(['--state'])).toEqual({ dryRun: false, states: true });
    expect(readPublishOrder(['--state', '--dry-run'])).toEqual({ dryRun: true, states: true });
  });

  it.each([
    [],
    ['--from', '1'],
    ['--to', '1'],
    ['--from', 'x', '--to', '2'],
    ['--from', '-1', '--to', '2'],
    ['--from', '1', '--to', '2', '--state'],
    ['--from', '1', '--to', '2', 'live'],
    ['--live'],
    ['--dry-run'],
  ])('fails with the usage for %j', (...args) =>
    expect(() => readPublishOrder(args.flat())).toThrow(/^Usage: npm run -s publish/),
  );

  it('refuses a range that ends before it begins', () => {
    expect(() => readPublishOrder(['--from', '2', '--to', '1'])).toThrow(/^--from must not be after --to\.\nUsage/);
  });
});

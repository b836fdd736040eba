import { describe, expect, it } from '@jest/globals';
import { readRepublishOrder } from './readRepublishOrder.js';

describe('readRepublishOrder', () => {
  it('reads a range of positions, or the order to send all states', () => {
    expect(readRepublishOrder(['--from', '0', '--to', '1200'])).toEqual({
      dryRun: false,
      states: false,
      range: { from: 0n, to: 1_200n },
    });
    expect(readRepublishOrder(['--from', '7', '--to', '7', '--dry-run'])).toMatchObject({ dryRun: true });
    expect(readRepublishOrder(['--state'])).toEqual({ dryRun: false, states: true });
    expect(readRepublishOrder(['--state', '--dry-run'])).toEqual({ dryRun: true, states: true });
  });

  it.each([
    [[], /^Usage/],
    [['--dry-run'], /^Usage/],
    [['--from', '1'], /^--to is missing\.\nUsage/],
    [['--to', '1'], /^--from is missing\.\nUsage/],
    [['--from', 'x', '--to', '2'], /^--from must be a position, a number of up to 20 digits\.\nUsage/],
    [['--from', '1', '--to', 'x'], /^--to must be a position/],
    [['--from', 'x'], /^--from must be a position/],
    [['--from', '-1', '--to', '2'], /'--from.*\nUsage/s],
    [['--from', '1', '--to', '2', '--state'], /^--state takes neither --from nor --to\.\nUsage/],
    [['--from', '1', '--to', '2', 'live'], /^Unexpected argument 'live'\..*\nUsage/],
    [['--live'], /^Unknown option '--live'\..*\nUsage/],
  ])('refuses %j with the argument that is wrong, and the usage', (args, message) => {
    expect(() => readRepublishOrder(args)).toThrow(message);
  });

  it('refuses a range that ends before it begins', () => {
    expect(() => readRepublishOrder(['--from', '2', '--to', '1'])).toThrow(/^--from must not be after --to\.\nUsage/);
  });
});

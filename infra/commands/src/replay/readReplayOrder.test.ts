import { describe, expect, it } from '@jest/globals';
import { readReplayOrder } from './readReplayOrder.js';

const ID = '0199c0de-0000-4000-8000-000000000001';
const GRANT = '0199c0de-0000-4000-8000-000000000002';

describe('readReplayOrder', () => {
  it('reads a user, a moment of a user, a range of positions, or a correlation id', () => {
    expect(readReplayOrder(['--user', ID, '--grant', GRANT, '--after', 'dTEgczA'])).toEqual({
      ...{ kind: 'history', userId: ID, grantId: GRANT, after: 'dTEgczA', format: 'ndjson' },
    });
    for (const asOf of ['3', '2026-01-31T12:00:00Z', '2026-01-31T12:00:00.123Z', '2026-01-31T12:00:00+01:00'])
      expect(readReplayOrder(['--user', ID, '--as-of', asOf, '--format', 'table'])).toEqual({
        ...{ kind: 'profile', userId: ID, grantId: undefined, asOf, format: 'table' },
      });
    expect(readReplayOrder(['--from', '0', '--to', '99', '--after', '7', '--format', 'csv'])).toEqual({
      ...{ kind: 'events', range: { from: 0n, to: 99n }, correlation: undefined, after: '7', format: 'csv' },
    });
    expect(readReplayOrder(['--correlation', ID])).toEqual({
      ...{ kind: 'events', range: undefined, correlation: ID, after: undefined, format: 'ndjson' },
    });
  });

  it('takes ids in upper case', () => {
    const order = readReplayOrder(['--user', ID.toUpperCase(), '--grant', GRANT.toUpperCase()]);
    expect(order).toMatchObject({ userId: ID, grantId: GRANT });
  });

  it.each([
    [[], /^Usage/],
    [['--format', 'csv'], /^Usage/],
    [['--user', ID, '--correlation', ID], /^Only one of --user/],
    [['--user', ID, '--to', '1'], /^Only one of --user/],
    [['--user', 'ada@example.org'], /^--user must be an id\.\nUsage/],
    [['--user', ID, '--grant', 'x'], /^--grant must be/],
    [['--user', ID, '--after', 'a b'], /^--after must be the cursor/],
    [['--user', ID, '--as-of', 'yesterday'], /^--as-of must be a revision, or a time/],
    [['--user', ID, '--as-of', '1', '--after', 'x'], /^--as-of does not take --after/],
    [['--correlation', 'x'], /^--correlation must be/],
    [['--correlation', ID, '--grant', GRANT], /^--grant is for --user only/],
    [['--from', '1', '--to', '2', '--as-of', '1'], /^--as-of is for --user only/],
    [['--from', '1'], /^--to is missing/],
    [['--to', '1'], /^--from is missing/],
    [['--from', 'x', '--to', '2'], /^--from must be a position/],
    [['--from', '1', '--to', '2', '--after', 'dTEgczA'], /^--after must be a position/],
    [['--from', '2', '--to', '1'], /^--from must not be after --to/],
    [['--user', ID, '--format', 'xml'], /^--format must be one of ndjson, csv, table/],
    [['--token', 'x'], /^Unknown option '--token'\..*\nUsage/],
    [['--user', ID, '--user', GRANT], /^--user may be given once\.\nUsage/],
    [['--user', ID, 'more'], /^Unexpected argument 'more'\..*\nUsage/],
  ])('refuses %j with the argument that is wrong, and the usage', (args, message) => {
    expect(() => readReplayOrder(args)).toThrow(message);
  });
});

import { describe, expect, it } from '@jest/globals';
import { leafOfEvent, treeHash } from '../../test/independentTree.js';
import type { SampleEntry } from '../../test/sampleLog.js';
import { exportLines, type TestLog, testLog, textOf } from '../../test/testLog.js';
import { testNotary } from '../../test/testNotary.js';
import { outcomeOf, trusting } from '../../test/verifyText.js';

const log = testLog(100);
const lines = exportLines(log);
const [header = '', ...entries] = lines;
/** Index of an event of a user that has revision 0. */
const FIRST_OF_USER = 8;
const keyOnly = trusting(log);

const changed = (index: number, change: (entry: SampleEntry) => object): SampleEntry[] =>
  log.entries.map((entry) => (entry.index === index ? (change(entry) as SampleEntry) : entry));
/** What someone makes who can write the log and recompute every hash, but cannot sign. */
const forged = (events: readonly SampleEntry[], under: TestLog = log): string => {
  const renumbered = testLog(
    events.map((entry, index) => ({ ...entry, index })),
    under.notary,
  );
  return textOf([header, ...exportLines(renumbered).slice(1)]);
};

describe('verifyExport', () => {
  it('verifies an export with and without leaves, and says what it verified', async () => {
    const said = await outcomeOf(textOf(lines), keyOnly);
    expect(said).toMatch(/^Verified: the whole log ums\/[0-9a-f-]{36}, 100 events, root .{44}, with no checkpoint /);
    expect(await outcomeOf(textOf(exportLines(log, { withLeaves: false })), keyOnly)).toBe(said);
  });

  it('verifies the export of an empty log', async () => {
    const empty = testLog(0);
    expect(await outcomeOf(textOf(exportLines(empty)), trusting(empty, empty.checkpoint()))).toContain('0 events');
  });

  it('verifies each size from 1 to 40, with a checkpoint of each smaller size from outside', async () => {
    for (let size = 1; size <= 40; size += 1) {
      const small = testLog(log.entries.slice(0, size), log.notary);
      const notes = Array.from({ length: size }, (_, index) => log.checkpoint(index + 1));
      expect(await outcomeOf(textOf(exportLines(small)), trusting(log, ...notes))).toContain(`with ${size} checkpoint`);
    }
  });

  it('verifies expired sign-ins by their hashes, and counts them', async () => {
    const expired = entries.map((line, index) => {
      const { event } = log.entries[index] as SampleEntry;
      const goes = event.stream.startsWith('signin-') && event.revision === 0;
      return goes ? JSON.stringify({ index, leaf: log.leaves[index]?.toString('base64') }) : line;
    });
    const count = expired.filter((line) => !line.includes('event')).length;
    expect(count).toBeGreaterThan(0);
    expect(await outcomeOf(textOf([header, ...expired]), keyOnly)).toContain(`(${count} of them expired`);
  });

  it('G-08 finds a withheld event of another stream by the next one of its stream, and counts the last ones', async () => {
    const withheld = (isWithheld: (entry: SampleEntry) => boolean) =>
      entries.map((line, index) =>
        isWithheld(log.entries[index] as SampleEntry)
          ? JSON.stringify({ index, leaf: log.leaves[index]?.toString('base64') })
          : line,
      );
    const { stream } = (log.entries[FIRST_OF_USER] as SampleEntry).event;
    const last = Math.max(...log.entries.flatMap(({ event }) => (event.stream === stream ? [event.revision] : [])));
    const without = (revision: number) =>
      outcomeOf(
        textOf([header, ...withheld(({ event }) => event.stream === stream && event.revision === revision)]),
        keyOnly,
      );
    expect(last).toBeGreaterThan(0);
    expect(await without(0)).toMatch(/^Fault: Event .* is out of order: revision 0 of its stream must come here\.$/);
    // The README says so.
    expect(await without(last)).toContain('(1 of them expired, by their hashes alone)');
  });

  it('names an event that was changed, dropped from its stream, or put in', async () => {
    const { index, event } = log.entries[30] as SampleEntry;
    const renamed = textOf(
      lines.map((line, at) => (at === index + 1 ? line.replace('"roles":["user"]', '"roles":["admin"]') : line)),
    );
    expect(await outcomeOf(renamed, keyOnly)).toBe(
      `Fault: Event ${event.id} at position ${log.entries[30]?.position} (leaf 30, ${event.stream} revision ${event.revision}) was changed: it is not what its leaf was made of.`,
    );
    const dropped = log.entries.filter(({ index: at }) => at !== FIRST_OF_USER);
    expect(await outcomeOf(forged(dropped), keyOnly)).toMatch(
      /^Fault: Event \S+ at position \d+ \(leaf \d+, \S+ revision 1\) is out of order: revision 0 of its stream must come here\.$/,
    );
    const twice = log.entries.flatMap((entry) =>
      entry === log.entries[30] ? [entry, { ...entry, position: `${Number(entry.position) + 1}` }] : [entry],
    );
    expect(await outcomeOf(forged(twice), keyOnly)).toContain('(leaf 31, ');
  });

  it('finds a forgery that is consistent in itself, and names where it begins by the checkpoints from outside', async () => {
    const admin = changed(61, (entry) => ({ ...entry, event: { ...entry.event, data: { roles: ['admin'] } } }));
    expect(await outcomeOf(forged(admin), keyOnly)).toMatch(
      /^Fault: The events differ from the checkpoint of size 100 of the export: the first difference is between leaf 0 and event \S+ at position \d+ \(leaf 99, .*\)\.$/,
    );
    const outside = trusting(log, log.checkpoint(60), log.checkpoint(62), log.checkpoint(90));
    expect(await outcomeOf(forged(admin), outside)).toMatch(
      /size 62 of "outside": the first difference is between leaf 60 and event \S+ at position \d+ \(leaf 61, /,
    );
  });

  it('finds positions that do not rise and events of the log itself', async () => {
    const back = changed(50, (entry) => ({ ...entry, position: '1' }));
    expect(await outcomeOf(forged(back), keyOnly)).toContain('at position 1 (leaf 50, ');
    const system = changed(50, (entry) => ({ ...entry, event: { ...entry.event, stream: '$settings' } }));
    expect(await outcomeOf(forged(system), keyOnly)).toBe('Fault: The event of line 52 has no valid stream and type.');
  });

  it.each<[string, (entry: SampleEntry) => object, string]>([
    ['another index', (entry) => ({ ...entry, index: 9 }), 'Line 12 must be leaf 10, and is leaf 9.'],
    ['no index', ({ index: _, ...entry }) => entry, 'line 12 has no index.'],
    ['an index in text', (entry) => ({ ...entry, index: '10' }), 'line 12 has no valid index.'],
    ['a position with a sign', (entry) => ({ ...entry, position: '+9040' }), 'line 12 has no valid position.'],
    ['a position as a number', (entry) => ({ ...entry, position: 9_040 }), 'line 12 has no valid position.'],
    ['a member more', (entry) => ({ ...entry, note: 1 }), 'line 12 has a member that this format does not have.'],
    ['a leaf that is no hash', (entry) => ({ ...entry, leaf: 'AA==' }), 'line 12 has a hash that is not the base64'],
    ['neither leaf nor event', ({ index }) => ({ index }), 'line 12 has no valid position.'],
    ['no event', ({ event: _, ...entry }) => entry, 'The event of line 12 is no object.'],
    ['an array', () => [], 'line 12 is no object.'],
    ['an event member more', (entry) => inEvent(entry, { note: 1 }), 'The event of line 12 has a member that this'],
    ['an event member less', (entry) => inEvent(entry, { data: undefined }), 'The event of line 12 has no data.'],
    ['an id in capitals', (entry) => inEvent(entry, { id: entry.event.id.toUpperCase() }), 'has no valid id.'],
    ['a negative revision', (entry) => inEvent(entry, { revision: -1 }), 'has no valid revision.'],
    ['an unknown base64', (entry) => inEvent(entry, { base64: ['id'] }), 'has no valid base64.'],
    ['bytes out of order', (entry) => inEvent(entry, { base64: ['metadata', 'data'] }), 'has no valid base64.'],
    ['an unpaired surrogate', (entry) => inEvent(entry, { data: '\ud83d' }), 'has no canonical JSON.'],
  ])('F-15 refuses a line with %s', async (_, change, message) => {
    const line = JSON.stringify(change(log.entries[10] as SampleEntry));
    const outcome = await outcomeOf(textOf(lines.with(11, line)), keyOnly);
    expect(outcome).toMatch(/^Fault: /);
    expect(outcome).toContain(message);
  });

  it.each<[string, (line: string) => string]>([
    ['white space', (line) => line.replace(':', ': ')],
    ['a repeated member', (line) => line.replace('{', '{"index":0,')],
    ['another notation of a number', (line) => line.replace('"attempts":0', '"attempts":0.0')],
    ['another notation of a character', (line) => line.replace('"roles"', String.raw`"\u0072oles"`)],
    ['a carriage return', (line) => `${line}\r`],
  ])('F-15 refuses a line with %s', async (_, change) => {
    const outcome = await outcomeOf(textOf(lines.with(11, change(entries[10] as string))), keyOnly);
    expect(outcome).toBe('Fault: Line 12 is not written as JSON.stringify writes it.');
  });

  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'Fault: The log export is empty.'],
    ['only a header', textOf([header]), 'Fault: The export ends after 0 of 100 events: leaf 0 is missing.'],
    ['an empty line', textOf(['', ...lines]), 'Fault: The first line is no JSON.'],
    ['a last line without its end', textOf(lines).slice(0, -1), 'Fault: Line 101 has no end: the file was cut off.'],
    [
      'a line after the last',
      textOf([...lines, '{}']),
      'Fault: Line 102 is more than the 100 events of the checkpoint.',
    ],
    ['very many levels', textOf([`${'['.repeat(1e6)}${']'.repeat(1e6)}`]), 'Fault: The first line is no JSON.'],
    ['bytes that are no text', Buffer.from('7b22ff0a', 'hex'), 'Fault: Line 1 is not UTF-8.'],
    ['a line of 17 MiB', Buffer.alloc(17 * 1_024 * 1_024, 'a'), 'Fault: Line 1 is longer than 16 MiB.'],
  ])('F-15 refuses a file with %s', async (_, bytes, message) => {
    expect(await outcomeOf(bytes, keyOnly)).toBe(message);
  });
});

const inEvent = (entry: SampleEntry, change: object): object => ({ ...entry, event: { ...entry.event, ...change } });

describe('checkpoints and keys', () => {
  const other = testLog(100, testNotary('ums/other'));

  it.each<[string, Parameters<typeof trusting>, string]>([
    [
      'the key of another log',
      [other],
      `The checkpoint of the export is of the log ${log.notary.origin}, and the key is of ums/other.`,
    ],
    [
      'another key of this log',
      [testLog(1, testNotary(log.notary.origin))],
      'The checkpoint of the export, size 100, is not signed with the key that was given.',
    ],
    [
      'a later checkpoint',
      [log, testLog(101, log.notary).checkpoint()],
      'The export ends after 100 events, and the checkpoint of "outside" has 101: the events from leaf 100 on are missing, or the export is older.',
    ],
    [
      'two trees of one size',
      [log, log.checkpoint(7), log.notary.sign(7, leafOfEvent({}))],
      'Two checkpoints from outside, in "outside" and "outside", state different trees of size 7.',
    ],
  ])('G-08 are told from %s', async (_, trusted, message) => {
    expect(await outcomeOf(textOf(lines), trusting(...trusted))).toBe(`Fault: ${message}`);
  });

  it('G-08 of two logs are told apart where the key file holds the keys of both', async () => {
    const keys = [...keyOnly.keys, ...trusting(other).keys];
    const { outside } = trusting(other, other.checkpoint(5));
    expect(await outcomeOf(textOf(lines), { keys, outside })).toBe(
      `Fault: A checkpoint of "outside" is of the log ums/other, not of ${log.notary.origin}.`,
    );
  });

  it('K-03 accept a checkpoint of the former key while the key file holds both', async () => {
    const next = testNotary(log.notary.origin);
    const keys = [...trusting({ notary: next }).keys, ...keyOnly.keys];
    const { outside } = trusting({ notary: next }, next.sign(40, treeHash(log.leaves, 0, 40)));
    expect(await outcomeOf(textOf(lines), { keys, outside })).toContain('with 1 checkpoint from outside');
  });
});

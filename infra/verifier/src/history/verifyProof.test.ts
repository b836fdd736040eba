import { describe, expect, it } from '@jest/globals';
import { leafOfEvent, treeHash } from '../../test/independentTree.js';
import { sampleId } from '../../test/sampleLog.js';
import { historyProof, type SampleProof, testLog } from '../../test/testLog.js';
import { testNotary } from '../../test/testNotary.js';
import { trusting } from '../../test/verifyText.js';
import { parseStrictly } from './parseStrictly.js';
import type { Trusted } from './verifyExport.js';
import { verifyProof } from './verifyProof.js';

const log = testLog(300);
const USER = sampleId(1, 9);
const proof = historyProof(log, USER);
const keyOnly = trusting(log);

const outcomeOf = (given: unknown, trusted: Trusted = keyOnly): string => {
  try {
    return verifyProof(given, trusted);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
};
/** The proof with a change of its events. */
const withEvents = (change: (events: SampleProof['events']) => unknown): unknown => ({
  ...proof,
  events: change(structuredClone(proof.events)),
});
const changedEvent = (at: number, change: (one: SampleProof['events'][number]) => object): unknown =>
  withEvents((events) => events.map((one, index) => (index === at ? { ...one, ...change(one) } : one)));

describe('verifyProof', () => {
  it('verifies the events of a user and their sign-ins, and says what it verified', () => {
    expect(proof.events.map(({ event }) => event.stream.split('-', 1)[0])).toEqual([
      'user',
      'user',
      'signin',
      'signin',
    ]);
    expect(outcomeOf(proof)).toBe(
      `Verified: 4 events of user ${USER} in the log ${log.notary.origin}, tree of 300 events, root ${treeHash(log.leaves).toString('base64')}.`,
    );
  });

  it('verifies without sign-ins, and with sign-ins whose first have expired', () => {
    expect(outcomeOf(withEvents((events) => events.slice(0, 2)))).toContain('2 events of user');
    expect(outcomeOf(withEvents((events) => events.toSpliced(2, 1)))).toContain('3 events of user');
  });

  it('verifies who read about a user after the sign-ins, which may be missing, and not before them', () => {
    const withReads = testLog(
      log.entries.map((entry) => {
        const stream = entry.event.stream.replace('mail-', 'access-');
        return { ...entry, event: { ...entry.event, stream } };
      }),
      log.notary,
    );
    const all = historyProof(withReads, USER);
    const [account, signIns, reads] = ['user-', 'signin-', 'access-'].map((prefix) =>
      all.events.filter(({ event }) => event.stream.startsWith(prefix)),
    ) as [SampleProof['events'], SampleProof['events'], SampleProof['events']];
    expect([account.length, signIns.length, reads.length]).toEqual([2, 2, 1]);
    expect(outcomeOf(all)).toContain('Verified: 5 events of user');
    expect(outcomeOf({ ...all, events: [...account, ...reads] })).toContain('Verified: 3 events of user');
    expect(outcomeOf({ ...all, events: [...account, ...reads, ...signIns] })).toMatch(/does not belong here/);
  });

  it('compares the checkpoints from outside that are of its size', () => {
    expect(outcomeOf(proof, trusting(log, log.checkpoint(), log.checkpoint(7)))).toMatch(
      / \(1 of 2 checkpoints from outside are of this size\)\.$/,
    );
    expect(outcomeOf(proof, trusting(log, log.notary.sign(300, leafOfEvent({}))))).toBe(
      'Fault: The checkpoint of the history proof and that of "outside" state different trees of size 300.',
    );
  });

  it('G-08 finds a change of any field of an event and of its place, and names the event', () => {
    const { event, index, position } = proof.events[1] as SampleProof['events'][number];
    const changes: object[] = [
      { index: index + 1 },
      { inclusion: proof.events[0]?.inclusion },
      { inclusion: [] },
      { event: { ...event, type: 'UserReinstated' } },
      { event: { ...event, data: { ...event.data, roles: ['admin'] } } },
      { event: { ...event, metadata: {} } },
      { event: { ...event, base64: ['data'] } },
      { event: { ...event, revision: 2 } },
      { event: { ...event, id: sampleId(2, 0) } },
    ];
    for (const change of changes)
      expect(outcomeOf(changedEvent(1, () => change))).toMatch(
        new RegExp(
          `^Fault: Event \\S+ at position ${position} \\(leaf .* is not in the tree: it, its place or its proof`,
        ),
      );
  });

  it('G-08 finds entries that were swapped, by event and position', () => {
    const [first, second] = proof.events;
    const swapped = withEvents(([a, b, ...others]) => [b, a, ...others]);
    expect(outcomeOf(swapped)).toMatch(
      new RegExp(
        `^Fault: Event ${first?.event.id} at position ${first?.position} .* listed after leaf ${second?.index}: entries were swapped\\.$`,
      ),
    );
    const signIns = withEvents((events) => [...events.slice(0, 2), ...events.slice(2).reverse()]);
    expect(outcomeOf(signIns)).toContain('entries were swapped.');
  });

  it('G-08 finds events that were left out, repeated or moved', () => {
    const faults = [
      withEvents((events) => events.slice(1)),
      withEvents((events) => [events[0], events[0], ...events.slice(1)]),
      withEvents((events) => [...events.slice(2), ...events.slice(0, 2)]),
      withEvents((events) => [...events, ...historyProof(log, sampleId(1, 10)).events]),
      withEvents(() => []),
    ].map((given) => outcomeOf(given));
    expect(faults).toEqual([
      expect.stringMatching(/revision 1\) is out of order: revision 0 of its stream must come here\.$/),
      expect.stringMatching(
        /^Fault: Event \S+ at position (\d+) .* does not come after position \1, which precedes it\.$/,
      ),
      'Fault: The history proof does not begin with an event of a user.',
      expect.stringMatching(/does not belong here: it is of another stream than the entries before\.$/),
      'Fault: The history proof does not begin with an event of a user.',
    ]);
  });

  it.each<[string, unknown, string]>([
    ['no object', [], 'The history proof is no object.'],
    ['a member less', { format: proof.format, events: [] }, 'The history proof has no checkpoint.'],
    ['another format', { ...proof, format: 'ums-history-proof.v2' }, 'The format of the file is neither'],
    ['a checkpoint that is no note', { ...proof, checkpoint: 'canary' }, 'is no signed note of a checkpoint.'],
    ['two notes', { ...proof, checkpoint: `${proof.checkpoint}${log.checkpoint(5)}` }, 'is no signed note of a'],
    [
      'a changed note',
      { ...proof, checkpoint: proof.checkpoint.replace('\n300\n', '\n301\n') },
      'size 301, was changed',
    ],
    ['no inclusion proof', changedEvent(0, () => ({ inclusion: '' })), 'has no inclusion proof.'],
    ['a hash in other base64', changedEvent(0, () => ({ inclusion: [`${'A'.repeat(42)}B=`] })), 'entry 0 has a hash'],
    ['an entry that is null', withEvents((events) => [null, ...events]), 'entry 0 is no object.'],
  ])('F-15 refuses %s', (_, given, message) => {
    const outcome = outcomeOf(given);
    expect(outcome).toMatch(/^Fault: /);
    expect(outcome).toContain(message);
    expect(outcome).not.toContain('canary');
  });

  it('G-08 refuses the key of another log', () => {
    expect(outcomeOf(proof, trusting({ notary: testNotary('ums/other') }))).toBe(
      `Fault: The checkpoint of the history proof is of the log ${log.notary.origin}, and the key is of ums/other.`,
    );
  });
});

describe('parseStrictly', () => {
  it('takes the indentations that it is told, and no other form', () => {
    expect(parseStrictly(JSON.stringify(proof, null, 2), 'It', [0, 2])).toEqual(proof);
    expect(() => parseStrictly(JSON.stringify(proof, null, 2), 'It')).toThrow('It is not written as');
    expect(() => parseStrictly(JSON.stringify(proof, null, 4), 'It', [0, 2])).toThrow('It is not written as');
  });
});

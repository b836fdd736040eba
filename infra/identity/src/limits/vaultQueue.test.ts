import { describe, expect, it } from '@jest/globals';
import { vaultQueue } from './vaultQueue.js';

const turn = { purpose: 'attempt', source: '192.0.2.1' };
const lost = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** Queues one query for each outcome at once. @returns which were sent, and what came of all. */
const run = async (outcomes: (Error | string)[]) => {
  const queue = vaultQueue();
  const sent: number[] = [];
  const results = await Promise.allSettled(
    outcomes.map((outcome, at) =>
      queue(turn, async () => {
        sent.push(at);
        await Promise.resolve();
        if (outcome instanceof Error) throw outcome;
        return outcome;
      }),
    ),
  );
  return {
    sent,
    results: results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.code)),
  };
};

describe('vaultQueue', () => {
  it('F-03 fails only the request whose connection broke', async () => {
    expect(await run(['a', lost(), 'b', lost(), 'c'])).toEqual({
      sent: [0, 1, 2, 3, 4],
      results: ['a', 'ECONNRESET', 'b', 'ECONNRESET', 'c'],
    });
  });

  it('F-03 fails all that wait when the vault refuses connections or does not answer', async () => {
    const { sent, results } = await run(['a', refused(), 'b', 'c']);
    expect([sent, results]).toEqual([
      [0, 1],
      ['a', 'ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED'],
    ]);
    const timeout = Object.assign(new Error('Query read timeout'), { code: 'late' });
    expect((await run([timeout, 'b', 'c'])).results).toEqual(['late', 'late', 'late']);
  });

  it('F-03 fails all that wait when the next connection breaks too', async () => {
    const { sent, results } = await run([lost(), lost(), 'b', 'c']);
    expect([sent, results]).toEqual([[0, 1], Array(4).fill('ECONNRESET')]);
  });

  it('runs the next query after an error of one query', async () => {
    expect((await run([Object.assign(new Error('syntax'), { code: '42601' }), 'b'])).results).toEqual(['42601', 'b']);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { DeadLetter, DeadLetterBox } from '@ums/kit/dead-letters/deadLetter';
import { boxCommand } from './boxCommand.js';

const TABLE_ONLY =
  '\nOnly the table of the notifier was read; to read the dead-letter topic instead, set KAFKA_BROKERS to its brokers.';
const letter: DeadLetter = {
  ...{ id: 'one', consumer: 'mail', reason: 'refused', field: undefined, at: new Date(0), message: undefined },
};
const boxOf = (...letters: DeadLetter[]): DeadLetterBox => ({
  list: async () => letters,
  redrive: async ({ length }) => ({ redriven: length, kept: 0 }),
});

describe('boxCommand', () => {
  it.each([
    { letters: [], args: ['list'], text: 'There are no dead messages.' },
    {
      letters: [letter],
      args: ['list'],
      text: 'id  consumer  reason  time  event  stream\none  mail  refused  1970-01-01T00:00:00.000Z  -  -',
    },
    { letters: [], args: ['redrive'], text: '0 of 0 dead messages are delivered again.' },
    { letters: [letter], args: ['redrive', 'one'], text: '1 of 1 dead messages are delivered again.' },
  ])('says after $args of $letters.length messages that only the table was read', async ({ letters, args, text }) => {
    const box = boxOf(...letters);
    expect(await boxCommand(args)(box, 'table')).toBe(`${text}${TABLE_ONLY}`);
    expect(await boxCommand(args)(box, 'topic')).toBe(text);
  });

  it('says so too when the table has no message with the id', async () => {
    const missing = 'No dead message has this id.';
    await expect(boxCommand(['redrive', 'two'])(boxOf(letter), 'table')).rejects.toThrow(`${missing}${TABLE_ONLY}`);
    await expect(boxCommand(['show', 'two'])(boxOf(letter), 'topic')).rejects.toThrow(
      /^No dead message has this id\.$/,
    );
  });
});

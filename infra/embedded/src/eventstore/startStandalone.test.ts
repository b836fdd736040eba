import { describe, expect, it } from '@jest/globals';
import { readArguments } from './startStandalone.js';

describe('the arguments of the event log server', () => {
  it('are a port and a folder', () => {
    expect(readArguments(['--port', '2113', '--data', '/tmp/log'])).toEqual({ port: 2113, data: '/tmp/log' });
    expect(readArguments(['--data=x', '--port=0'])).toEqual({ port: 0, data: 'x' });
  });

  it.each([
    [['--port', '1'], '--data is missing'],
    [['--port', '1', '--data', ''], '--data is missing'],
    [['--data', 'x'], '--port must be a number'],
    [['--port', '65536', '--data', 'x'], '--port must be a number'],
    [['--port', '-1', '--data', 'x'], 'arguments are invalid'],
    [['--port', '1', '--data', 'x', 'y'], 'arguments are invalid'],
    [['--verbose'], 'arguments are invalid'],
  ])('%j are refused', (args, sentence) => {
    expect(() => readArguments(args)).toThrow(sentence);
  });
});

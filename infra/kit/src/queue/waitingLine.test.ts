import { describe, expect, it } from '@jest/globals';
import { type Turn, type WaitingLine, waitingLine } from './waitingLine.js';

const turn = (source: string, purpose = 'log-in'): Turn => ({ source, purpose });
const take = (line: WaitingLine<string>, count: number) => Array.from({ length: count }, () => line.next());

describe('waitingLine', () => {
  it('R-05 serves one source and purpose in order of arrival', () => {
    const line = waitingLine<string>(20);
    for (const item of ['a', 'b', 'c']) expect(line.join(turn('one'), item)).toBeUndefined();
    expect(take(line, 4)).toEqual(['a', 'b', 'c', undefined]);
  });

  it('passes over what may not start yet, which keeps its turn', () => {
    const line = waitingLine<string>(20);
    for (const source of ['one', 'two', 'one']) line.join(turn(source), source);
    expect(line.next(({ source }) => source === 'three')).toBeUndefined();
    expect(line.next(({ source }) => source === 'two')).toBe('two');
    expect(take(line, 3)).toEqual(['one', 'one', undefined]);
  });

  it('R-05 lets one source take half of the places, and the others the rest', () => {
    const line = waitingLine<string>(20);
    const refused = Array.from({ length: 100 }, (_, at) => line.join(turn('flood'), `f${at}`)).filter(Boolean);
    expect(refused).toHaveLength(90);
    for (let at = 0; at < 10; at += 1) expect(line.join(turn(`source ${at}`), `o${at}`)).toBeUndefined();
    expect(line.join(turn('flood'), 'one more')).toBe('one more');
  });

  it.each([
    ['on the same route', 'log-in'],
    ['on another route', 'registration'],
  ])('R-05 serves a newcomer second at the latest during a flood from one source %s', (_where, flooded) => {
    for (let served = 0; served < 6; served += 1) {
      const line = waitingLine<string>(20);
      const flood = () => {
        while (line.join(turn('flood', flooded), 'flood') === undefined);
      };
      flood();
      for (let at = 0; at < served; at += 1) {
        line.next();
        flood();
      }
      line.join(turn('other'), 'other');
      expect(take(line, 2)).toContain('other');
    }
  });

  it('R-05 serves a newcomer third at the latest during a flood from one source on all routes', () => {
    const line = waitingLine<string>(20);
    const routes = ['registration', 'confirmation', 'erasure', 'log-in'];
    for (let at = 0; at < 12; at += 1) line.join(turn('flood', routes[at % 4]), 'flood');
    line.join(turn('other'), 'other');
    expect(take(line, 3)).toContain('other');
  });

  it('R-05 serves a log-in third at the latest during a flood of registrations from many sources', () => {
    const line = waitingLine<string>(20);
    for (let at = 0; at < 19; at += 1) line.join(turn(`bot ${at}`, 'registration'), 'flood');
    line.join(turn('other'), 'other');
    expect(take(line, 3)).toContain('other');
  });

  it('R-05 gives each of three sources every third turn', () => {
    const line = waitingLine<string>(30);
    for (const source of ['a', 'b', 'c']) for (let at = 0; at < 5; at += 1) line.join(turn(source), source);
    const served = take(line, 15);
    for (let at = 0; at < 15; at += 3) expect(served.slice(at, at + 3).sort()).toEqual(['a', 'b', 'c']);
  });

  it('R-05 does not starve a source that waits while new ones keep coming', () => {
    const line = waitingLine<string>(20);
    for (let at = 0; at < 5; at += 1) line.join(turn('office'), 'office');
    let served = 0;
    for (let at = 0; at < 100; at += 1) {
      line.join(turn(`bot ${at}`), 'bot');
      if (line.next() === 'office') served += 1;
    }
    expect(served).toBe(5);
  });

  it('R-05 lets the newest of the longest waiting source give way when several sources fill the line', () => {
    const line = waitingLine<string>(4);
    for (const item of ['a1', 'a2']) line.join(turn('a'), item);
    for (const item of ['b1', 'b2']) line.join(turn('b'), item);
    expect(line.join(turn('c'), 'c1')).toBe('a2');
    expect(line.join(turn('d'), 'd1')).toBe('b2');
    expect(line.join(turn('e'), 'e1')).toBe('e1');
    expect(take(line, 5)).toEqual(expect.arrayContaining(['a1', 'b1', 'c1', 'd1', undefined]));
  });

  it('returns all that wait when it is cleared', () => {
    const line = waitingLine<string>(4);
    line.join(turn('a'), 'a1');
    line.join(turn('b'), 'b1');
    expect([line.clear(), line.next()]).toEqual([['a1', 'b1'], undefined]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { durations, metricsText, readGauge } from './metrics.js';

/** The lines of a metric, without its comments. */
const linesOf = async (name: string) => (await metricsText()).text.split('\n').filter((line) => line.startsWith(name));

describe('readGauge', () => {
  it('reads the values of all its parts when the metrics are asked for', async () => {
    let level = 1;
    const removeA = readGauge('test_read', 'Levels.', ['part'], () => [[{ part: 'a' }, level]]);
    const removeB = readGauge('test_read', 'Levels.', ['part'], async () => [[{ part: 'b' }, 10 * level]]);
    level = 2;
    expect(await linesOf('test_read')).toEqual(['test_read{part="a"} 2', 'test_read{part="b"} 20']);
    removeA();
    expect(await linesOf('test_read')).toEqual(['test_read{part="b"} 20']);
    removeB();
    expect(await linesOf('test_read')).toEqual([]);
  });

  it('leaves out values that cannot be read, and serves the others', async () => {
    const remove = readGauge('test_unreadable', 'One level.', [], () => Promise.reject(new Error('down')));
    readGauge('test_partly', 'Levels.', ['part'], () => {
      throw new Error('down');
    });
    readGauge('test_partly', 'Levels.', ['part'], () => [[{ part: 'up' }, 3]]);
    expect(await linesOf('test_unreadable')).toEqual([]);
    expect(await linesOf('test_partly')).toEqual(['test_partly{part="up"} 3']);
    remove();
    readGauge('test_unreadable', 'One level.', [], () => [[{}, 5]]);
    expect(await linesOf('test_unreadable')).toEqual(['test_unreadable 5']);
  });
});

describe('durations', () => {
  it('is the same histogram in the whole process, and part of its metrics', async () => {
    const observe = (seconds: number) =>
      durations('test_durations_seconds', 'Durations.', ['kind']).observe({ kind: 'odd' }, seconds);
    observe(1);
    observe(2);
    expect(await linesOf('test_durations_seconds_count')).toEqual(['test_durations_seconds_count{kind="odd"} 2']);
  });
});

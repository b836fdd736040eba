import { describe, expect, it } from '@jest/globals';
import { durationHistogram } from './durationHistogram.js';

const linesOf = (text: string) => text.trimEnd().split('\n');

describe('durationHistogram', () => {
  it('counts an observation in its bucket and in all larger ones', () => {
    const histogram = durationHistogram('test_seconds', 'Durations.', ['route', 'status']);
    const series = histogram.series({ route: '/a', status: '200' });
    for (const seconds of [0.005, 0.006, 0.7, 11]) series.observe(seconds);
    const lines = linesOf(histogram.text());
    expect(lines.slice(0, 2)).toEqual(['# HELP test_seconds Durations.', '# TYPE test_seconds histogram']);
    const values = Object.fromEntries(lines.slice(2).map((line) => line.split(' ')));
    const bucket = (bound: string) => values[`test_seconds_bucket{route="/a",status="200",le="${bound}"}`];
    expect(['0.005', '0.01', '0.5', '0.75', '10', '+Inf'].map(bucket)).toEqual(['1', '2', '2', '3', '3', '4']);
    expect(Number(values['test_seconds_sum{route="/a",status="200"}'])).toBeCloseTo(11.711, 9);
    expect(values['test_seconds_count{route="/a",status="200"}']).toBe('4');
  });

  it('gives the same labels the same series, and other labels another one', () => {
    const histogram = durationHistogram('test_seconds', 'Durations.', ['route']);
    const series = histogram.series({ route: '/a' });
    expect(histogram.series({ route: '/a' })).toBe(series);
    expect(histogram.series({ route: '/b' })).not.toBe(series);
    series.observe(0.1);
    const counts = linesOf(histogram.text()).filter((line) => line.startsWith('test_seconds_count'));
    expect(counts).toEqual(['test_seconds_count{route="/a"} 1', 'test_seconds_count{route="/b"} 0']);
  });
});

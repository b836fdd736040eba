import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { unknownNames, unknownPlaceholders } from './test/unknownNames.js';

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { h: number; w: number; x: number; y: number };
  targets?: { expr: string; legendFormat: string }[];
}

const FILE = join(import.meta.dirname, 'dashboard.json');
const { uid, panels } = JSON.parse(readFileSync(FILE, 'utf8')) as { uid: string; panels: Panel[] };
const charts = panels.filter(({ type }) => type !== 'row');

/** The expression with Grafana's variables replaced, as Prometheus gets it. */
const sent = (expression: string): string => expression.replaceAll('$__rate_interval', '1m');

describe('the dashboard', () => {
  it('has panels with different ids, at places that do not overlap', () => {
    expect([uid, charts.length > 15]).toEqual(['ums', true]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: h * w }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it.each(charts)('$title shows only metrics, labels and values that exist', ({ targets = [] }) => {
    expect(targets).not.toEqual([]);
    for (const { expr, legendFormat } of targets) {
      expect(unknownNames(sent(expr))).toEqual([]);
      expect(unknownPlaceholders(legendFormat, sent(expr))).toEqual([]);
    }
  });
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ruleIdsIn, rulesOf } from '../../rules/ruleIds.js';
import { ROOT, textOf } from './handbook.js';

const PAGE = textOf('docs/asvs.md');

/** How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; they are the first ones of the section. */
const SECTIONS: Readonly<Record<string, number>> = {
  ...{ '1.1': 2, '1.2': 9, '1.3': 11, '1.4': 3, '1.5': 2, '2.1': 3, '2.2': 3, '2.3': 4, '2.4': 1 },
  ...{ '3.2': 2, '3.3': 4, '3.4': 6, '3.5': 5, '3.7': 2, '4.1': 3, '4.2': 1, '4.3': 2, '4.4': 4 },
  ...{ '5.1': 1, '5.2': 3, '5.3': 2, '5.4': 3, '6.1': 3, '6.2': 12, '6.3': 4, '6.4': 4, '6.5': 5, '6.6': 3, '6.8': 4 },
  ...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 2, '7.6': 2, '8.1': 2, '8.2': 3, '8.3': 1, '8.4': 1 },
  ...{ '9.1': 3, '9.2': 4, '10.1': 2, '10.2': 2, '10.3': 4, '10.4': 11, '10.5': 5, '10.6': 2, '10.7': 3 },
  ...{ '11.1': 2, '11.2': 3, '11.3': 3, '11.4': 4, '11.5': 1, '11.6': 1, '12.1': 3, '12.2': 2, '12.3': 4 },
  ...{ '13.1': 1, '13.2': 5, '13.3': 2, '13.4': 5, '14.1': 2, '14.2': 4, '14.3': 3, '15.1': 3, '15.2': 3, '15.3': 7 },
  ...{ '16.1': 1, '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 3, '17.1': 1, '17.2': 4, '17.3': 2 },
};
const VERDICTS = ['holds', 'in part', 'does not hold', 'operator', 'not applicable'];

const rows = [...PAGE.matchAll(/^\| (\d[\d., ]*) \| ([a-z ]+) \| (.+) \|$/gm)].map(
  ([, numbers = '', verdict = '', evidence = '']) => ({ numbers: numbers.split(', '), verdict, evidence }),
);

describe('the ASVS table', () => {
  it('has each requirement of levels 1 and 2 once', () => {
    const all = Object.entries(SECTIONS).flatMap(([section, count]) =>
      Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
    );
    expect(all).toHaveLength(253);
    expect(rows.flatMap(({ numbers }) => numbers).sort()).toEqual(all.sort());
  });

  it('counts its verdicts, and has no other ones', () => {
    const counted = (verdict: string) =>
      rows.filter((row) => row.verdict === verdict).flatMap(({ numbers }) => numbers);
    const stated = [...PAGE.matchAll(/^\| ([a-z ]+) \| (\d+) \|$/gm)].map(([, verdict, count]) => [
      verdict,
      Number(count),
    ]);
    expect(stated).toEqual(VERDICTS.map((verdict) => [verdict, counted(verdict).length]));
    expect(rows.filter(({ verdict }) => !VERDICTS.includes(verdict))).toEqual([]);
  });

  it('has a rule, a path or a page for everything that holds', () => {
    const known = new Set(rulesOf(textOf('infra/rules.md')).map(({ id }) => id));
    const isHeld = (evidence: string): boolean => {
      const paths = [...evidence.matchAll(/`([\w-]+\/[^`]+|biome\.json)`/g)].map(([, path = '']) => path);
      return (
        paths.every((path) => existsSync(join(ROOT, path))) &&
        (paths.length > 0 ||
          ruleIdsIn(evidence).some((id) => known.has(id)) ||
          /\]\(|^here: |`\/openapi\.json`/.test(evidence))
      );
    };
    expect(rows.filter(({ verdict, evidence }) => verdict === 'holds' && !isHeld(evidence))).toEqual([]);
  });
});

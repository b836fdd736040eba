import { describe, expect, it } from '@jest/globals';
import { ConditionNotUnderstood, conditionHolds, resolveText, UnknownHere } from './expressions.js';

const contexts = {
  known: { 'github.sha': 'abc', 'steps.seen.outputs.hit': 'true' },
  inputs: { push: true, name: 'x' },
};

describe('resolveText', () => {
  it('replaces names by what is known of them', () => {
    expect(resolveText(`\${{ github.sha }}-\${{inputs.name}}-\${{ inputs.push }}`, contexts)).toBe('abc-x-true');
    expect(resolveText(`[\${{ steps.other.outputs.hit }}]`, contexts)).toBe('[]');
  });

  it.each(['vars.REGION', 'inputs.other', "format('a')"])('does not guess %s', (name) => {
    const resolve = () => resolveText(`\${{ ${name} }}`, contexts);
    expect(resolve).toThrow(UnknownHere);
    expect(resolve).toThrow(`it needs ${name} of GitHub`);
  });
});

describe('conditionHolds', () => {
  it.each([
    ["github.sha == 'abc'", true],
    ["github.sha != 'abc'", false],
    ["steps.seen.outputs.hit != 'true'", false],
    ["steps.other.outputs.hit != 'true'", true],
    ["inputs.push == 'true'", true],
  ])('%s is %s', (condition, expected) => {
    expect(conditionHolds(condition, contexts)).toBe(expected);
  });

  it('refuses what it does not understand or know', () => {
    expect(() => conditionHolds('always()', contexts)).toThrow(ConditionNotUnderstood);
    expect(() => conditionHolds("vars.X == 'a'", contexts)).toThrow(UnknownHere);
  });
});

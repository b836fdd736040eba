import { describe, expect, it } from '@jest/globals';
import { commandsOf, npmScriptOf, wordsOf } from './commandsOf.js';

describe('commandsOf', () => {
  it('lists the commands of a script', () => {
    const script = '# why\nnpm ci && npm test\nnpm run -s a -- \\\n  "$B" | sort; ls\n';
    expect(commandsOf(script)).toEqual(['npm ci', 'npm test', 'npm run -s a --    "$B"', 'sort', 'ls']);
  });
});

describe('wordsOf', () => {
  it('removes quotes around words', () => {
    expect(wordsOf(`run "$A B" 'c d' ''`)).toEqual(['run', '$A B', 'c d', '']);
  });
});

describe('npmScriptOf', () => {
  it.each([
    ['npm test', 'test'],
    ['npm run -s smoke -- x', 'smoke'],
    ['npm run build', 'build'],
    ['npm ci', undefined],
    ['docker run test', undefined],
  ])('finds the script of %s', (command, script) => {
    expect(npmScriptOf(command)).toBe(script);
  });
});

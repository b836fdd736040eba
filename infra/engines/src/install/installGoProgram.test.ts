import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeTools, fakeTools } from '../../test/fakeTools.js';
import { type GoRecipe, installGoProgram, whyGoProgramUnavailable } from './installGoProgram.js';

const RECIPE: GoRecipe = { name: 'versitygw', version: '1.2.3', source: 'example.org/versitygw' };
const NO_GO = 'The program go is not installed; it is needed for versitygw.';

let tools: FakeTools;
beforeEach(async () => {
  tools = await fakeTools();
});
const install = (recipe = RECIPE, onProgress?: (text: string) => void) =>
  installGoProgram(recipe, onProgress, tools.env);

describe('installGoProgram', () => {
  it('compiles the program once, and reports its progress', async () => {
    const progress: string[] = [];
    const program = await install(RECIPE, (text) => progress.push(text));
    expect(basename(program)).toBe('versitygw');
    expect(progress).toEqual(['versitygw 1.2.3: compiling with Go, which takes minutes (once)']);
    expect(await install()).toBe(program);
    expect(await tools.runs('go')).toBe(1);
  });

  it('installs anew for another version', async () => {
    expect(await install({ ...RECIPE, version: '1.2.4' })).not.toBe(await install());
  });

  it('says with the last lines why Go has failed, and leaves nothing behind', async () => {
    await tools.write('go', 'echo "no such module: $2"; exit 1');
    await expect(install()).rejects.toThrow(
      /go ended with code 1\. Its last lines:\n {2}no such module: example\.org\/versitygw@v1\.2\.3$/,
    );
    expect(await readdir(tools.env.ENGINES_CACHE)).toEqual([]);
  });

  it('says that Go is missing, unless the program is installed', async () => {
    const env = { ...tools.env, PATH: '/nowhere' };
    await expect(installGoProgram(RECIPE, undefined, env)).rejects.toThrow(NO_GO);
    expect(whyGoProgramUnavailable(RECIPE, env)).toBe(NO_GO);
    const program = await install();
    expect(whyGoProgramUnavailable(RECIPE, env)).toBeUndefined();
    expect(await installGoProgram(RECIPE, undefined, env)).toBe(program);
  });
});

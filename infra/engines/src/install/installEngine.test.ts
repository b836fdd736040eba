import { writeFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../test/atEndOfFile.js';
import { type FakeTools, fakeTools } from '../../test/fakeTools.js';
import { type EngineRecipe, installEngine, whyUnavailable } from './installEngine.js';

const RECIPE: EngineRecipe = { name: 'Kafka', version: '1.2.3', artifacts: ['group:name:1.2.3'], launchers: ['Guard'] };

const NO_JAVA = 'The program java is not installed; a JDK 17 or newer with Maven is needed for Kafka and OpenSearch.';

let tools: FakeTools;
beforeEach(async () => {
  tools = await fakeTools();
});
/** Of the files downloaded, which is reported once a second. */
const isCount = (text: string) => text.endsWith('1 files downloaded');
const install = (recipe = RECIPE, onProgress?: (text: string) => void) => installEngine(recipe, onProgress, tools.env);

describe('installEngine', () => {
  it('downloads and compiles once, and reports its progress', async () => {
    const progress: string[] = [];
    const first = await install(RECIPE, (text) => progress.push(text));
    expect(progress.filter((text) => !isCount(text))).toEqual([
      'Kafka 1.2.3: downloading with Maven (once)',
      'Kafka 1.2.3: compiling the launcher',
    ]);
    expect(first.classPath.split(':').map((jar) => basename(jar))).toEqual(['launcher.jar', 'engine.jar']);
    expect(await install()).toEqual(first);
    expect(await tools.runs('mvn')).toBe(1);
  });

  it('makes one installation when two starts need it at the same time', async () => {
    // The download lasts until the other start has seen that one is under way.
    const seen = join(await temporaryFolder('ums-install-'), 'seen');
    await tools.write(
      'mvn',
      `while [ ! -e ${seen} ]; do /bin/sleep 0.01; done; /bin/mkdir "$lib"; : > "$lib/engine.jar"`,
    );
    const waits: string[] = [];
    const note = (text: string) => {
      if (!text.includes('is installing it')) return;
      waits.push(text);
      writeFileSync(seen, '');
    };
    const [first, second] = await Promise.all([install(RECIPE, note), install(RECIPE, note)]);
    expect(second).toEqual(first);
    expect(await tools.runs('mvn')).toBe(1);
    expect(waits).toEqual([`Kafka 1.2.3: process ${process.pid} is installing it`]);
  });

  it('installs anew for another version, artifact or JDK', async () => {
    const folders = [await install(), await install({ ...RECIPE, version: '1.2.4' })];
    folders.push(await install({ ...RECIPE, artifacts: ['group:name:9'] }));
    await tools.setJavaVersion('25');
    folders.push(await install());
    expect(new Set(folders.map(({ folder }) => folder)).size).toBe(4);
  });

  it('uses the installation that another process has finished in the meantime', async () => {
    const { folder } = await install();
    await tools.write(
      'mvn',
      `theirs="\${lib%%.unfinished-*}/lib"; /bin/mkdir "$lib"; /bin/mkdir -p "$theirs"; : > "$theirs/theirs.jar"`,
    );
    const other = await install({ ...RECIPE, version: '2.0.0' });
    expect(other.classPath).toContain('theirs.jar');
    expect((await readdir(dirname(folder))).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  it('removes what a killed installation has left', async () => {
    const { folder } = await install();
    await rm(folder, { recursive: true });
    await mkdir(`${folder}.unfinished-killed`);
    await install();
    expect(await readdir(dirname(folder))).toEqual([basename(folder)]);
  });

  it('says with the last lines why Maven has failed, and leaves nothing behind', async () => {
    await tools.write('mvn', 'echo "[ERROR] no such artifact"; exit 1');
    await expect(install()).rejects.toThrow(/mvn ended with code 1\. Its last lines:\n {2}\[ERROR] no such artifact$/);
    expect(await readdir(tools.env.ENGINES_CACHE)).toEqual([]);
  });

  it('names the program that is missing', async () => {
    const env = { ...tools.env, PATH: '/nowhere' };
    await expect(installEngine(RECIPE, undefined, env)).rejects.toThrow(NO_JAVA);
    expect(whyUnavailable(RECIPE, env)).toBe(NO_JAVA);
  });

  it('names the folder that cannot be written, and its setting', async () => {
    const file = join(await temporaryFolder('ums-install-'), 'a file');
    writeFileSync(file, '');
    const env = { ...tools.env, ENGINES_CACHE: join(file, 'engines') };
    await expect(installEngine(RECIPE, undefined, env)).rejects.toThrow(
      `Programs cannot be installed in ${file}/engines (ENOTDIR). ENGINES_CACHE may name another folder.`,
    );
  });

  it.each(['11.0.2', '1.8.0_402'])('refuses Java %s', async (version) => {
    await tools.setJavaVersion(version);
    expect(whyUnavailable(RECIPE, tools.env)).toMatch(
      `${tools.env.PATH}/java is version ${version}; a JDK 17 or newer with Maven is needed for Kafka and OpenSearch.`,
    );
  });

  it('needs no Maven once it is installed', async () => {
    await install();
    await tools.write('mvn', 'exit 1');
    expect(whyUnavailable(RECIPE, tools.env)).toBeUndefined();
    await install();
  });
});

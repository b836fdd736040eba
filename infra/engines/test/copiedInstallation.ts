import { cp, mkdir, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type EngineRecipe, installEngine } from '../src/install/installEngine.js';
import { temporaryFolder } from './atEndOfFile.js';

/** A cache with an engine that has no class archive and gets none. @returns its folder, for ENGINES_CACHE. */
export const installationWithoutArchive = async (recipe: EngineRecipe): Promise<string> => {
  const { cache } = await linkedInstallation(recipe);
  return cache;
};

/** A cache with an engine of which one jar was cut to half its size. @returns its folder, for ENGINES_CACHE. */
export const damagedInstallation = async (recipe: EngineRecipe, jar: RegExp): Promise<string> => {
  const { cache, lib, source } = await linkedInstallation(recipe);
  const name = (await readdir(lib)).find((each) => jar.test(each)) as string;
  await rm(join(lib, name));
  await cp(join(source, name), join(lib, name));
  await truncate(join(lib, name), 100_000);
  return cache;
};

const linkedInstallation = async (recipe: EngineRecipe): Promise<{ cache: string; lib: string; source: string }> => {
  const { folder } = await installEngine(recipe);
  const cache = await temporaryFolder('ums-engines-cache-');
  const copy = join(cache, basename(folder));
  const lib = join(copy, 'lib');
  await mkdir(lib, { recursive: true });
  await symlink(join(folder, 'launcher.jar'), join(copy, 'launcher.jar'));
  for (const jar of await readdir(join(folder, 'lib'))) await symlink(join(folder, 'lib', jar), join(lib, jar));
  await writeFile(join(copy, 'classes.failed'), '');
  return { cache, lib, source: join(folder, 'lib') };
};

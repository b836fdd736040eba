import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from '@ums/kit/env';
import { RealEngineFailed } from '../realEngineFailed.js';
import { cacheFolder } from './cacheFolder.js';
import { findProgram } from './findProgram.js';
import { installOnce, type OnProgress } from './installOnce.js';
import { runProgram } from './runProgram.js';

/** What an engine or a tool in Go is made of. */
export interface GoRecipe {
  /** Of the program that `go install` makes, without a folder. */
  name: string;
  version: string;
  /** The package of its main program. */
  source: string;
}

/** The folder of an installation. Its name contains a hash of everything it is made from, so it is never changed. */
const installationFolder = ({ name, version, source }: GoRecipe, env: Environment): string => {
  const hash = createHash('sha256').update(`${source}@${version}`).digest('hex').slice(0, 12);
  return join(cacheFolder(env), `${name}-${version}-${hash}`);
};

const findGo = ({ name }: GoRecipe, { PATH = '' }: Environment): string => {
  const go = findProgram('go', PATH.split(delimiter));
  if (go === undefined) throw new RealEngineFailed(`The program go is not installed; it is needed for ${name}.`);
  return go;
};

/** Why a program can neither be started nor installed here; undefined when it can. */
export const whyGoProgramUnavailable = (recipe: GoRecipe, env: Environment = process.env): string | undefined => {
  try {
    if (!existsSync(installationFolder(recipe, env))) findGo(recipe, env);
    return undefined;
  } catch (error) {
    if (error instanceof RealEngineFailed) return error.message;
    throw error;
  }
};

/**
 * Downloads and compiles a program with `go install`, unless the cache already has it. Several processes may do so at once.
 * @returns the path of its program.
 * @throws RealEngineFailed when `go` is missing or fails.
 */
export const installGoProgram = async (
  recipe: GoRecipe,
  onProgress: OnProgress = () => undefined,
  env: Environment = process.env,
): Promise<string> => {
  const { name, version, source } = recipe;
  const folder = installationFolder(recipe, env);
  if (!existsSync(folder)) {
    const go = findGo(recipe, env);
    const label = `${name} ${version}`;
    await installOnce({ folder, label, onProgress }, async (unfinished) => {
      onProgress(`${label}: compiling with Go, which takes minutes (once)`);
      await runProgram(go, ['install', `${source}@v${version}`], undefined, { ...env, GOBIN: unfinished });
    });
  }
  return join(folder, name);
};

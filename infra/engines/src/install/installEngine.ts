import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '@ums/kit/env';
import { jvmEnvironment } from '../jvmEnvironment.js';
import { RealEngineFailed } from '../realEngineFailed.js';
import { cacheFolder } from './cacheFolder.js';
import { installOnce, type OnProgress } from './installOnce.js';
import { findBuildTools, findJava, type Java } from './javaTools.js';
import { copyMavenJars, pomOf } from './mavenJars.js';
import { runProgram } from './runProgram.js';

/** What an engine is made of. */
export interface EngineRecipe {
  name: 'Kafka' | 'OpenSearch';
  version: string;
  /** Maven artifacts, `group:artifact:version`. */
  artifacts: readonly string[];
  /** Own classes in `java/`, compiled against the artifacts. */
  launchers: readonly string[];
}

export interface Installation {
  folder: string;
  java: string;
  /** The jars in one fixed order, as class archives require. */
  classPath: string;
}

const JAVA_FOLDER = join(import.meta.dirname, '..', '..', 'java');

export const LOG_SETTINGS = join(JAVA_FOLDER, 'log4j2.properties');

/**
 * The folder of an installation. Its name contains a hash of everything it is made from, so that an installation is never
 * changed: a new version, launcher or JDK gets a new folder.
 */
const installationFolder = (
  { name, version, artifacts, launchers }: EngineRecipe,
  java: Java,
  env: Environment,
): string => {
  const sources = launchers.map((launcher) => readFileSync(join(JAVA_FOLDER, `${launcher}.java`), 'utf8'));
  const hash = createHash('sha256').update([java.version, pomOf(artifacts), ...sources].join('\0'));
  return join(cacheFolder(env), `${name.toLowerCase()}-${version}-${hash.digest('hex').slice(0, 12)}`);
};

/** Why an engine can neither be started nor installed here; undefined when it can. */
export const whyUnavailable = (recipe: EngineRecipe, env: Environment = process.env): string | undefined => {
  try {
    if (!existsSync(installationFolder(recipe, findJava(env), env))) findBuildTools(env);
    return undefined;
  } catch (error) {
    if (error instanceof RealEngineFailed) return error.message;
    throw error;
  }
};

/**
 * Downloads an engine with Maven and compiles its launchers, unless the cache already has them. Several processes may do so at
 * once.
 * @throws RealEngineFailed when a program is missing or fails.
 */
export const installEngine = async (
  recipe: EngineRecipe,
  onProgress: OnProgress = () => undefined,
  env: Environment = process.env,
): Promise<Installation> => {
  const java = findJava(env);
  const folder = installationFolder(recipe, java, env);
  if (!existsSync(folder)) {
    const tools = findBuildTools(env);
    const label = `${recipe.name} ${recipe.version}`;
    await installOnce({ folder, label, onProgress }, async (unfinished) => {
      onProgress(`${label}: downloading with Maven (once)`);
      const onDownloaded = (files: number) => onProgress(`${label}: ${files} files downloaded`);
      await copyMavenJars({ mvn: tools.mvn, artifacts: recipe.artifacts, folder: unfinished, onDownloaded });
      onProgress(`${label}: compiling the launcher`);
      await compileLaunchers(recipe.launchers, tools, unfinished);
    });
  }
  const jars = (await readdir(join(folder, 'lib'))).sort().map((jar) => join(folder, 'lib', jar));
  return { folder, java: java.path, classPath: [join(folder, 'launcher.jar'), ...jars].join(':') };
};

/** Compiled into a jar, because a folder in the class path makes the JVM ignore class archives. */
const compileLaunchers = async (
  launchers: readonly string[],
  { javac, jar }: { javac: string; jar: string },
  folder: string,
): Promise<void> => {
  const classes = join(folder, 'classes');
  const sources = launchers.map((launcher) => join(JAVA_FOLDER, `${launcher}.java`));
  const run = (program: string, args: readonly string[]) => runProgram(program, args, undefined, jvmEnvironment());
  await run(javac, ['-proc:none', '-cp', join(folder, 'lib', '*'), '-d', classes, ...sources]);
  await run(jar, ['cf', join(folder, 'launcher.jar'), '-C', classes, '.']);
  await rm(classes, { recursive: true });
};

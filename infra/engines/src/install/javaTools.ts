import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import type { Environment } from '@ums/kit/env';
import { jvmEnvironment } from '../jvmEnvironment.js';
import { RealEngineFailed } from '../realEngineFailed.js';
import { findProgram } from './findProgram.js';

export interface Java {
  /** Path of the program. */
  path: string;
  /** For example `17.0.15`. */
  version: string;
}

/** What is needed once, to install an engine. */
export interface BuildTools {
  javac: string;
  jar: string;
  mvn: string;
}

const MIN_JAVA = 17;
const NEEDED = `a JDK ${MIN_JAVA} or newer with Maven is needed for Kafka and OpenSearch.`;

/**
 * Finds Java in JAVA_HOME or PATH.
 * @throws RealEngineFailed when it is missing or older than 17.
 */
export const findJava = (env: Environment = process.env): Java => {
  const path = programPath('java', env);
  const version = /version "([^"]+)"/.exec(
    spawnSync(path, ['-version'], { encoding: 'utf8', env: jvmEnvironment(env) }).stderr ?? '',
  )?.[1];
  if (version === undefined || Number.parseInt(version, 10) < MIN_JAVA)
    throw new RealEngineFailed(
      `${path} is ${version === undefined ? 'of an unknown version' : `version ${version}`}; ${NEEDED}`,
    );
  return { path, version };
};

/** @throws RealEngineFailed naming the program that is missing. */
export const findBuildTools = (env: Environment = process.env): BuildTools => ({
  javac: programPath('javac', env),
  jar: programPath('jar', env),
  mvn: programPath('mvn', env),
});

const programPath = (name: string, { JAVA_HOME, PATH }: Environment): string => {
  const folders = [...(JAVA_HOME ? [join(JAVA_HOME, 'bin')] : []), ...(PATH ?? '').split(delimiter)];
  const path = findProgram(name, folders);
  if (path === undefined) throw new RealEngineFailed(`The program ${name} is not installed; ${NEEDED}`);
  return path;
};

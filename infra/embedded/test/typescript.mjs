import { register } from 'node:module';
import { homedir } from 'node:os';

/** `node --import <this file> <file>.ts` runs a source file, so that tests can start child processes without a build. */
// The compiler unpacks a native library below the home folder, which the process of pictures is not given.
process.env.HOME ??= homedir();
register('./typescriptHooks.mjs', import.meta.url);

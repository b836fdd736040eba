import { register } from 'node:module';

/** `node --import <this file> <file>.ts` runs a source file, so that tests can start child processes without a build. */
register('./typescriptHooks.mjs', import.meta.url);

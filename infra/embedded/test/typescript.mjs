import { register } from 'node:module';

/** `node --import <this file> <file>.ts` runs the sources, so that a test can start (and kill) a process without a build. */
register('./typescriptHooks.mjs', import.meta.url);

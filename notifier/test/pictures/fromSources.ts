import { homedir } from 'node:os';

const TYPESCRIPT = new URL('../../../infra/embedded/test/typescript.mjs', import.meta.url).href;

/** The module that compiles the sources unpacks a native library below the home folder, which the process is not given. */
const HOME = `data:text/javascript,${encodeURIComponent(`process.env.HOME = ${JSON.stringify(homedir())};`)}`;

/** Options of Node that let the picture process run TypeScript sources. */
export const FROM_SOURCES: readonly string[] = ['--import', HOME, '--import', TYPESCRIPT];

import { TYPESCRIPT_LOADER } from '../../../infra/embedded/test/typescriptLoader.js';

/** Options of Node that let the picture process run TypeScript sources. */
export const FROM_SOURCES: readonly string[] = ['--import', TYPESCRIPT_LOADER];

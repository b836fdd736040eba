const TYPESCRIPT = new URL('../../../infra/embedded/test/typescript.mjs', import.meta.url).href;

/** Options of Node that let the picture process run TypeScript sources. */
export const FROM_SOURCES: readonly string[] = ['--import', TYPESCRIPT];

/**
 * URL of a module for `node --import`, with which a child process runs TypeScript sources, so that tests need no build. Node takes
 * the value for a URL: a path with `#` or `%` would be cut or decoded.
 */
export const TYPESCRIPT_LOADER = new URL('./typescript.mjs', import.meta.url).href;

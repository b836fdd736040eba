/**
 * Variables by which libraries choose what they load: `pg` its native client, `node-gyp-build` and `napi-rs` the build of a native
 * module, `readable-stream` its implementation, `jiti` how it compiles. What is installed works without them.
 */
const READ_BY_LOADERS =
  /^(NODE_PG_FORCE_NATIVE|READABLE_STREAM|LIBC|ARM_VERSION|PREBUILDS_ONLY|[A-Z]+_PREBUILD|npm_config_(arch|platform)|(NAPI_RS|JITI)_.+)$/;

/** Removes those variables: they belong to other programs of the shell. */
export const ignoreLoaderSettings = (env: Record<string, string | undefined>): void => {
  for (const name of Object.keys(env)) if (READ_BY_LOADERS.test(name)) delete env[name];
};

// The libraries read them while they are loaded, so a program imports this module before any other.
ignoreLoaderSettings(process.env);

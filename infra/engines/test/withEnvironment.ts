/** Runs a function with variables of this process changed, and restores them. */
export const withEnvironment = async <T>(env: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> => {
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  try {
    return await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
};

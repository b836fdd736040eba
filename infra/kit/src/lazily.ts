export interface Lazy<T> {
  /** Loads with the first call. @throws what loading throws; the next call loads again */
  get(): Promise<T>;
  /** What is loaded or being loaded; `undefined` before the first call and after loading has failed. */
  current(): Promise<T> | undefined;
}

/** Loads something with its first use, once for all uses unless it fails. */
export const lazily = <T>(load: () => Promise<T>): Lazy<T> => {
  let loading: Promise<T> | undefined;
  return {
    get: async () => {
      const started = loading ?? load();
      loading = started;
      try {
        return await started;
      } catch (error) {
        if (loading === started) loading = undefined;
        throw error;
      }
    },
    current: () => loading,
  };
};

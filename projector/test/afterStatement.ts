import type pg from 'pg';

type Query = (...args: unknown[]) => Promise<unknown>;

/** A pool that does some work once, after the first statement of a name was executed and before its caller goes on. */
export const afterStatement = (pool: pg.Pool, name: string, work: () => Promise<unknown>): pg.Pool => {
  let isDone = false;
  const watched = <T extends { query: unknown }>(target: T): T => {
    const query = (target.query as Query).bind(target);
    const watching: Query = async (...args) => {
      const result = await query(...args);
      if (isDone || (args[0] as { name?: string }).name !== name) return result;
      isDone = true;
      await work();
      return result;
    };
    return new Proxy(target, {
      get: (_target, property) => {
        if (property === 'query') return watching;
        if (property === 'connect') return async () => watched(await pool.connect());
        const value: unknown = Reflect.get(target, property);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  return watched(pool);
};

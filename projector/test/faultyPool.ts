import type pg from 'pg';

/** What the process would not live to see. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/**
 * A pool whose connections die at their n-th statement: `before` it reaches the server, or `after` the server did it and the
 * answer is lost. The transaction ends as it would with its process.
 */
export const faultyPool = (pool: pg.Pool, statement: number, moment: 'before' | 'after') => {
  let count = 0;
  const dying = <T extends object>(client: T, query: (...args: unknown[]) => Promise<unknown>, die: () => void): T =>
    new Proxy(client, {
      get: (target, name) => {
        if (name !== 'query') return bound(target, Reflect.get(target, name));
        return async (...args: unknown[]) => {
          const fatal = ++count === statement;
          const result = fatal && moment === 'before' ? undefined : await query(...args);
          if (!fatal) return result;
          die();
          throw new Crash();
        };
      },
    });
  const faulty = dying(
    pool,
    (...args) => call(pool.query, pool, args),
    () => undefined,
  );
  const connect = async () => {
    const client = await pool.connect();
    let dead = false;
    const release = (broken?: boolean | Error) => (dead ? undefined : client.release(broken));
    const die = () => {
      dead = true;
      client.release(true);
    };
    const proxy = dying(
      client,
      (...args) => (dead ? Promise.reject(new Crash()) : call(client.query, client, args)),
      die,
    );
    return new Proxy(proxy, { get: (target, name) => (name === 'release' ? release : Reflect.get(target, name)) });
  };
  return {
    pool: new Proxy(faulty, {
      get: (target, name) => (name === 'connect' ? connect : Reflect.get(target, name)),
    }) as pg.Pool,
    struck: () => count >= statement,
  };
};

const call = (method: unknown, self: object, args: unknown[]): Promise<unknown> =>
  (method as (...args: unknown[]) => Promise<unknown>).apply(self, args);

const bound = (self: object, value: unknown): unknown => (typeof value === 'function' ? value.bind(self) : value);

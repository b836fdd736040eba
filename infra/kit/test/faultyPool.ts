import type pg from 'pg';

/** Stands for the end of the process: the code under test must not catch it. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/**
 * A pool whose connection breaks at the n-th statement: `before` the statement reaches the server, or `after` the server
 * executed it, so that the answer is lost. The open transaction ends as it would if the process died.
 */
export const faultyPool = (pool: pg.Pool, statement: number, moment: 'before' | 'after') => {
  let count = 0;
  const crashing = <T extends object>(
    client: T,
    query: (...args: unknown[]) => Promise<unknown>,
    disconnect: () => void,
  ): T =>
    new Proxy(client, {
      get: (target, name) => {
        if (name !== 'query') return bound(target, Reflect.get(target, name));
        return async (...args: unknown[]) => {
          const fatal = ++count === statement;
          const result = fatal && moment === 'before' ? undefined : await query(...args);
          if (!fatal) return result;
          disconnect();
          throw new Crash();
        };
      },
    });
  const faulty = crashing(
    pool,
    (...args) => call(pool.query, pool, args),
    () => undefined,
  );
  const connect = async () => {
    const client = await pool.connect();
    let disconnected = false;
    const release = (broken?: boolean | Error) => (disconnected ? undefined : client.release(broken));
    const disconnect = () => {
      disconnected = true;
      client.release(true);
    };
    const proxy = crashing(
      client,
      (...args) => (disconnected ? Promise.reject(new Crash()) : call(client.query, client, args)),
      disconnect,
    );
    return new Proxy(proxy, { get: (target, name) => (name === 'release' ? release : Reflect.get(target, name)) });
  };
  return {
    pool: new Proxy(faulty, {
      get: (target, name) => (name === 'connect' ? connect : Reflect.get(target, name)),
    }) as pg.Pool,
    crashed: () => count >= statement,
  };
};

const call = (method: unknown, self: object, args: unknown[]): Promise<unknown> =>
  (method as (...args: unknown[]) => Promise<unknown>).apply(self, args);

const bound = (self: object, value: unknown): unknown => (typeof value === 'function' ? value.bind(self) : value);

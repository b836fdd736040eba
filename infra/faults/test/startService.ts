import { expect } from '@jest/globals';
import { spawnProgram } from '../../e2e/test/spawnProgram.js';
import { untilPrinted } from '../../e2e/test/untilPrinted.js';

/** Ports chosen by the operating system. */
export const FREE_PORTS = { HOST: '127.0.0.1', PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0' };

type Environment = Readonly<Record<string, string>>;

const spawnService = (env: Environment) =>
  spawnProgram('infra/embedded/dist/main.js', { ...FREE_PORTS, PASSWORD_HASH: 'bcrypt:4', ...env });

/** Starts the service in a process of its own and expects it to refuse. @returns its error output, one sentence */
export const refusalOf = async (env: Environment): Promise<string> => {
  const service = spawnService(env);
  expect(await service.ended).toBe(1);
  const { err } = service.output();
  expect(err).toMatch(/^[^\n]+\.\n$/);
  return err.trim();
};

/** Starts the service in a process of its own and waits until it prints its URL. */
export const startService = async (env: Environment) => {
  const service = spawnService(env);
  const [, api] = await untilPrinted(service, /API docs {2}(\S+)\/apidocs\//);
  return { ...service, api };
};

/** Expects the service to start and stop without an error. */
export const expectToStart = async (env: Environment): Promise<void> =>
  expect(await (await startService(env)).end('SIGTERM')).toBe(0);

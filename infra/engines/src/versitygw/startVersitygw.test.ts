import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TYPESCRIPT_LOADER } from '../../../embedded/test/typescriptLoader.js';
import { until } from '../../../kit/test/until.js';
import { atEndOfFile, temporaryFolder } from '../../test/atEndOfFile.js';
import { FAKE_GATEWAY, type FakeTools, fakeGo, fakeTools } from '../../test/fakeTools.js';
import { withEnvironment } from '../../test/withEnvironment.js';
import { startVersitygw, type Versitygw, type VersitygwOptions } from './startVersitygw.js';

/** A fake program in place of versitygw; startVersitygw.int.test.ts starts a real one. */
let tools: FakeTools;
let dataDir: string;
beforeAll(async () => {
  tools = await fakeTools();
});
beforeEach(async () => {
  dataDir = await temporaryFolder('ums-versitygw-');
});
const start = async (options: Partial<VersitygwOptions> = {}, { env } = tools): Promise<Versitygw> => {
  const gateway = await withEnvironment(env, () => startVersitygw({ dataDir, ...options }));
  atEndOfFile(gateway.stop);
  return gateway;
};
const otherGateway = async (script: string): Promise<FakeTools> => {
  const others = await fakeTools();
  await others.write('go', fakeGo(script));
  return others;
};

describe('startVersitygw', () => {
  it('waits until the gateway answers, and keeps the port with the data', async () => {
    const first = await start();
    expect((await fetch(first.url)).status).toBe(200);
    await first.kill();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(second.credentials).not.toEqual(first.credentials);
    await second.stop();
    expect((await start({ port: 0 })).url).not.toBe(first.url);
  });

  it('passes its keys in the environment and no other variable of the caller', async () => {
    const printing = FAKE_GATEWAY.replace(`answer.end('OK')`, 'answer.end(JSON.stringify([args, process.env]))');
    const gateway = await start({}, await otherGateway(printing));
    const [args, env] = (await (await fetch(gateway.url)).json()) as [string[], Record<string, string>];
    expect(args.join(' ')).toMatch(/posix --versioning-dir \S+versions \S+buckets$/);
    expect(args.join(' ')).not.toContain(gateway.credentials.secretAccessKey);
    expect(env).toMatchObject({
      ROOT_ACCESS_KEY: gateway.credentials.accessKeyId,
      ROOT_SECRET_KEY: gateway.credentials.secretAccessKey,
    });
    expect(env).not.toHaveProperty('ENGINES_CACHE');
  });

  it('starts once more on a new port when another program listens on the kept one', async () => {
    const first = await start();
    await expect(start()).resolves.not.toMatchObject({ url: first.url });
    await expect(start({ port: first.port })).rejects.toThrow('EADDRINUSE');
  });

  it('throws the last lines when the gateway ends during the start', async () => {
    const failing = await otherGateway(`throw new Error('no extended attributes')`);
    await expect(start({}, failing)).rejects.toThrow(
      /^versitygw \S+ did not start: it ended with code 1\. Its last lines:[\s\S]*no extended attributes/,
    );
  });

  it('reports a gateway that ends later', async () => {
    const ended = new Promise<Error>((resolve) => {
      void start({ onFatal: resolve }).then((gateway) => process.kill(gateway.pid, 'SIGKILL'));
    });
    expect((await ended).message).toMatch(/^versitygw \S+ ended unexpectedly \(signal SIGKILL\)/);
  });

  it('leaves no gateway behind when the process that started it is killed', async () => {
    const test = join(import.meta.dirname, '..', '..', 'test');
    const script = join(test, 'runVersitygw.ts');
    const parent = spawn(process.execPath, ['--import', TYPESCRIPT_LOADER, script, dataDir], {
      env: { ...process.env, ...tools.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(String((await once(parent.stdout, 'data'))[0]));
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isRunning(pid));
  });
});

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

import { expect, it } from '@jest/globals';
import { metricsText } from '@ums/kit/metrics';
import { hashQueue } from './hashQueue.js';

const valuesOf = async (): Promise<Record<string, number>> => {
  const lines = (await metricsText()).text.matchAll(/^ums_hash_queue_(\w+) (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, Number(value)]));
};

it('R-05 the queue of hashes counts what runs, what waits and what it refused', async () => {
  const queue = hashQueue({ running: 1, waiting: 2 });
  const before = (await valuesOf()).refused_total ?? 0;
  let source = 0;
  const turn = () => ({ purpose: 'log-in', source: `192.0.2.${++source}` });
  let finish: (() => void) | undefined;
  const first = queue(
    turn(),
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  const failing = queue(turn(), () => Promise.reject(new Error('no hash')));
  const last = queue(turn(), async () => 'hashed');
  await expect(queue(turn(), async () => 'hashed')).rejects.toMatchObject({ slug: 'busy' });
  expect(await valuesOf()).toEqual({ running: 1, waiting: 2, refused_total: before + 1 });
  finish?.();
  await expect(failing).rejects.toThrow('no hash');
  expect([await first, await last]).toEqual([undefined, 'hashed']);
  expect(await valuesOf()).toEqual({ running: 0, waiting: 0, refused_total: before + 1 });
});

import { expect, it } from '@jest/globals';
import { until } from '../../kit/test/until.js';
import { delayedWriter } from './delayedWriter.js';

it('keeps the order of frames when the delay ends while some are waiting', async () => {
  const written: string[] = [];
  let delayMs = 0;
  const write = delayedWriter(
    (frame) => void written.push(frame.toString()),
    () => delayMs,
  );
  write(Buffer.from('at once'));
  delayMs = 20;
  write(Buffer.from('delayed'));
  delayMs = 0;
  write(Buffer.from('behind it'));
  expect(written).toEqual(['at once']);
  await until(() => written.length === 3);
  expect(written).toEqual(['at once', 'delayed', 'behind it']);
});

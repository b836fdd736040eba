import type { PictureReply, PictureRequest } from './pictureChild.js';
import { resizePicture } from './resizePicture.js';
import { watchMemory } from './watchMemory.js';

const memoryLimitBytes = Number(process.argv[2]);

/** An ordinary exit would wait for the decoder. */
const end = (): void => void process.kill(process.pid, 'SIGKILL');
const reply = (message: PictureReply): void => void process.send?.(message);

// The channel closes when the parent ends, also after kill -9.
process.once('disconnect', end);
if (!process.connected) end();
// Ctrl-C and Ctrl-\ reach the parent too, which lets the picture in work finish.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP'] as const) process.on(signal, () => undefined);

const answer = async ({ bytes }: PictureRequest): Promise<void> => {
  const endWatch = watchMemory(memoryLimitBytes, end);
  const outcome = await resizePicture(bytes);
  endWatch();
  reply(outcome);
};
process.on('message', (request: PictureRequest) => void answer(request));
reply({ kind: 'ready' });

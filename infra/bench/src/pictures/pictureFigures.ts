import { readFile } from 'node:fs/promises';
import { PICTURE_SIZES } from '@ums/contracts/processedPicture';
import { createLog } from '@ums/kit/log';
import { type PictureProcessor, pictureProcessor } from '@ums/notifier/picture-processing/pictureProcessor';
import sharp from 'sharp';
import { compareCosts, cpuPerOperation } from '../load/compareCosts.js';
import { cpuOfTree } from '../load/cpuOfTree.js';
import { median } from '../load/statistics.js';
import { type Figure, formatNumber } from '../report/figure.js';

export interface PictureSizes {
  rounds: number;
  /** Pictures in a round. */
  pictures: number;
  /** Edges of the picture in pixels. */
  width: number;
  height: number;
  /** Options of Node for the process of pictures. @default as this process */
  execArgv?: readonly string[];
}

const BOMB_EDGE = 7_100;

/**
 * P17: CPU time of making the squares of a picture in the process of pictures, compared with sharp alone in this process, which
 * decodes the picture once and makes the same squares; the memory of that process; and the time to refuse too many pixels.
 */
export const pictureFigures = async ({ rounds, pictures, execArgv, ...edges }: PictureSizes): Promise<Figure[]> => {
  sharp.concurrency(1);
  sharp.cache(false);
  const picture = await noise(edges).jpeg().toBuffer();
  const bomb = await plain(BOMB_EDGE).png().toBuffer();
  const pids: number[] = [];
  const processor = pictureProcessor({
    log: createLog({ service: 'bench', destination: { write: (line) => void pids.push(JSON.parse(line).pid) } }),
    ...(execArgv && { execArgv, startLimitMs: 60_000 }),
  });
  try {
    await outcomeOf(processor, picture, 'processed');
    const repeated = (work: () => Promise<unknown>) => () =>
      cpuPerOperation(
        () => cpuOfTree(process.pid),
        pictures,
        async () => {
          for (let count = 0; count < pictures; count++) await work();
        },
      );
    const ours = repeated(() => outcomeOf(processor, picture, 'processed'));
    const cost = await compareCosts(
      rounds,
      ours,
      repeated(() => bareSquares(picture)),
    );
    const waits: number[] = [];
    for (let count = 0; count < 10 * rounds; count++) {
      const startedAt = performance.now();
      await outcomeOf(processor, bomb, 'rejected');
      waits.push(performance.now() - startedAt);
    }
    const size = `${edges.width} × ${edges.height} pixels, ${formatNumber(picture.length / 1e6)} MB`;
    return [
      {
        ...{
          name: 'P17 three squares of a picture',
          measured: cost.ratio,
          unit: '× sharp alone',
          target: { atMost: 1.15 },
        },
        details: `${formatNumber(cost.ours)} cpu-ms, compared with ${formatNumber(cost.baseline)}; JPEG of ${size}`,
      },
      {
        ...{
          name: 'P17 memory of the process',
          measured: await peakMemory(pids.at(-1)),
          unit: 'MB',
          target: { atMost: 300 },
        },
        details: `peak of resident memory, after ${pictures * (rounds + 1)} pictures`,
      },
      {
        ...{ name: 'P17 refusal of too many pixels', measured: median(waits), unit: 'ms', target: { atMost: 5 } },
        details: `PNG of ${BOMB_EDGE} × ${BOMB_EDGE} pixels, ${formatNumber(bomb.length / 1e6)} MB`,
      },
    ];
  } finally {
    await processor.close();
  }
};

const noise = ({ width, height }: { width: number; height: number }) =>
  sharp({
    create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 12 } },
  });

const plain = (edge: number) => sharp({ create: { width: edge, height: edge, channels: 3, background: '#808080' } });

const outcomeOf = async (processor: PictureProcessor, bytes: Uint8Array, expected: string): Promise<void> => {
  const { kind } = await processor.process(bytes);
  if (kind !== expected) throw new Error(`the picture was ${kind}, not ${expected}`);
};

const bareSquares = async (bytes: Uint8Array): Promise<void> => {
  const [edge] = PICTURE_SIZES;
  const decoded = await sharp(bytes).resize(edge, edge).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = decoded.info;
  for (const size of PICTURE_SIZES)
    await sharp(decoded.data, { raw: { width, height, channels } }).resize(size, size).webp({ quality: 82 }).toBuffer();
};

/** The most resident memory that a process has had, in MB (proc_pid_status(5)). */
const peakMemory = async (pid: number | undefined): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
};

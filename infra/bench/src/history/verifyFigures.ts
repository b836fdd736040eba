import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Figure, formatNumber } from '../report/figure.js';
import { writeExport } from './writeExport.js';

export interface VerifySizes {
  events: number;
  /** Arguments of Node that run the verifier. @default the program as it was built */
  program?: readonly string[];
}

const BUILT = join(import.meta.dirname, '..', '..', '..', 'verifier', 'dist', 'main.js');
/** Makes a program print its peak of resident memory in KiB when it ends. */
const PRINT_PEAK =
  'data:text/javascript,process.on("exit",()=>process.stderr.write(String(process.resourceUsage().maxRSS)))';

/** P26: time and memory of verifying the export of a log, in a process of its own. */
export const verifyFigures = async (folder: string, { events, program = [BUILT] }: VerifySizes): Promise<Figure[]> => {
  const [path, keyFile] = [join(folder, 'export.ndjson'), join(folder, 'notary.pub')];
  const { publicKey, bytes } = await writeExport(path, events);
  await writeFile(keyFile, publicKey);
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', PRINT_PEAK, ...program, path, '--key', keyFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, peak, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (exitCode !== 0) throw new Error(`the verifier ended with ${exitCode}: ${said}${peak}`);
  const seconds = (performance.now() - startedAt) / 1_000;
  const details = `${events} events, ${formatNumber(bytes / 1e6)} MB`;
  return [
    { name: 'P26 verify an export', measured: seconds, unit: 's', target: { atMost: 60 }, details },
    {
      ...{ name: 'P26 memory of the verifier', measured: Number(peak) / 1_024, unit: 'MB', target: { atMost: 200 } },
      details: `peak of resident memory, ${details}`,
    },
  ];
};

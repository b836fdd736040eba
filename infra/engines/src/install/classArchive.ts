import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RealEngineFailed } from '../realEngineFailed.js';
import type { Installation } from './installEngine.js';
import { withInstallLock } from './installLock.js';
import type { OnProgress } from './installOnce.js';

/**
 * Starts and stops the engine once on an empty data folder, with JVM options that write a class archive at its end.
 */
export type TrainingRun = (dataDir: string, jvmOptions: readonly string[]) => Promise<void>;

/**
 * JVM options that make the engine start from its class archive (AppCDS), which halves the start. The first call makes
 * the archive, which takes about 20 s. Where that fails, the engine starts without one from then on.
 * @see https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html
 */
export const classArchiveOptions = async (
  { folder }: Installation,
  label: string,
  train: TrainingRun,
  onProgress: OnProgress,
): Promise<string[]> => {
  const archive = join(folder, 'classes.jsa');
  const failed = join(folder, 'classes.failed');
  const make = async () => {
    if (existsSync(archive) || existsSync(failed)) return;
    onProgress(`${label}: archiving its classes for faster starts (once)`);
    const training = await mkdtemp(join(folder, 'training-'));
    try {
      const unfinished = join(training, 'classes.jsa');
      const dataDir = join(training, 'data');
      await mkdir(dataDir);
      await train(dataDir, [`-XX:ArchiveClassesAtExit=${unfinished}`]);
      await rename(unfinished, archive);
    } catch (error) {
      const reason = error instanceof RealEngineFailed ? error.message : 'no archive was written';
      await writeFile(failed, `${reason}\n`);
      onProgress(`${label}: its classes cannot be archived (see ${failed}); starts take longer`);
    } finally {
      await rm(training, { recursive: true, force: true });
    }
  };
  if (!existsSync(archive) && !existsSync(failed)) await withInstallLock(`${folder}.lock`, make);
  return existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : [];
};

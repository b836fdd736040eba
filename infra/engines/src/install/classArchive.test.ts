import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../test/atEndOfFile.js';
import { RealEngineFailed } from '../realEngineFailed.js';
import { classArchiveOptions, type TrainingRun } from './classArchive.js';

let folder: string;
let progress: string[];
beforeEach(async () => {
  folder = await temporaryFolder('ums-archive-');
  progress = [];
});
const options = (train: TrainingRun) =>
  classArchiveOptions({ folder, java: 'java', classPath: '' }, 'Kafka', train, (text) => progress.push(text));

const writesArchive: TrainingRun = async (_dataDir, [option = '']) => {
  await writeFile(option.replace('-XX:ArchiveClassesAtExit=', ''), 'archive');
};
const neverCalled: TrainingRun = async () => {
  throw new Error('the engine was trained again');
};

describe('classArchiveOptions', () => {
  it('makes the archive once and uses it from then on', async () => {
    const expected = [`-XX:SharedArchiveFile=${join(folder, 'classes.jsa')}`];
    expect(await options(writesArchive)).toEqual(expected);
    expect(await options(neverCalled)).toEqual(expected);
    expect(await readdir(folder)).toEqual(['classes.jsa']);
    expect(progress).toEqual(['Kafka: archiving its classes for faster starts (once)']);
  });

  it.each([
    ['the engine fails', () => Promise.reject(new RealEngineFailed('The engine failed.')), 'The engine failed.\n'],
    ['the JVM writes none', async () => undefined, 'no archive was written\n'],
  ])('starts without an archive from then on when %s', async (_case, train, reason) => {
    expect(await options(train)).toEqual([]);
    expect(await options(neverCalled)).toEqual([]);
    expect(await readdir(folder)).toEqual(['classes.failed']);
    expect(await readFile(join(folder, 'classes.failed'), 'utf8')).toBe(reason);
    expect(progress.at(-1)).toMatch(/^Kafka: its classes cannot be archived/);
  });

  it('makes one archive when two starts need it at the same time', async () => {
    let trained = 0;
    const train: TrainingRun = async (...args) => {
      trained++;
      await writesArchive(...args);
    };
    await Promise.all([options(train), options(train)]);
    expect(trained).toBe(1);
  });
});

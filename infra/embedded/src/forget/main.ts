import { resolve } from 'node:path';
import { createLog } from '@ums/kit/log';
import { readEngines } from '../dataFolder/enginesFile.js';
import { runCommand } from '../runCommand.js';
import { forget } from './forget.js';

await runCommand(async () => {
  const engines = await readEngines(resolve(process.env.DATA_DIR || './data'));
  await forget(engines, createLog({ service: 'forget', level: 'silent' }));
  return 'What was deleted is gone from the disk.';
});

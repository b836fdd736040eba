import { resolve } from 'node:path';
import { createLog } from '@ums/kit/log';
import { readDataDir } from '../config.js';
import { readEngines } from '../dataFolder/enginesFile.js';
import { ignoreShellSettings } from '../ignoreShellSettings.js';
import { runCommand } from '../runCommand.js';
import { forget } from './forget.js';

await runCommand(async () => {
  ignoreShellSettings();
  const engines = await readEngines(resolve(readDataDir()));
  await forget(engines, createLog({ service: 'forget', level: 'silent' }));
  return 'Deleted rows have been removed from the disk.';
});

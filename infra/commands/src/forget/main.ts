import { resolve } from 'node:path';
import { readDataDir } from '@ums/embedded/config';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { forget } from '@ums/embedded/forget/forget';
import { ignoreShellSettings } from '@ums/embedded/ignoreShellSettings';
import { createLog } from '@ums/kit/log';
import { runCommand } from '../runCommand.js';

await runCommand(async () => {
  ignoreShellSettings();
  const engines = await readEngines(resolve(readDataDir()));
  await forget(engines, createLog({ service: 'forget', level: 'silent' }));
  return 'Deleted rows have been removed from the disk.';
});

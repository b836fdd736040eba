import { run } from '@ums/kit/lifecycle';
import { createLog } from '@ums/kit/log';
import { readSettings } from './readSettings.js';
import { start } from './start.js';
import { welcome } from './welcome.js';

const logFor = (service: string) => createLog({ service });

await run(
  async (onClose) => {
    // Ends the process like an unhandled rejection: logged, closed in order, exit code 1.
    const onFatal = (error: Error) => void Promise.reject(error);
    const running = await start({ config: readSettings(process.env), env: process.env, logFor, onFatal });
    onClose(running.close);
    process.stdout.write(welcome(running));
  },
  { log: logFor('process') },
);

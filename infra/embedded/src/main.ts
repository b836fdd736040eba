import { run } from '@ums/kit/lifecycle';
import { createLog } from '@ums/kit/log';
import { shipLogs } from '@ums/kit/log-shipping/startLogShipping';
import { readSettings } from './readSettings.js';
import { start } from './start.js';
import { welcome } from './welcome.js';

const logFor = (service: string) => createLog({ service });
const log = logFor('process');

await run(
  async (onClose) => {
    // Ends the process like an unhandled rejection: logged, closed in order, exit code 1.
    const onFatal = (error: Error) => void Promise.reject(error);
    const config = readSettings(process.env);
    onClose(shipLogs(config, log));
    const starting = start({ config, env: process.env, logFor, onFatal });
    // Registered at once: a signal during the start must not end this process before Postgres has ended.
    onClose(async () => {
      const started = await starting.catch(() => undefined);
      await started?.close();
    });
    const running = await starting;
    process.stdout.write(welcome(running));
  },
  { log },
);

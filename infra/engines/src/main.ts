import '@ums/kit/ignoreLoaderSettings';
import { run } from '@ums/kit/lifecycle';
import { createLog } from '@ums/kit/log';
import { readConfig } from './config.js';
import { describeEngines } from './describeEngines.js';
import { startRealEngines } from './startRealEngines.js';

/** Longer than the stop of an engine on a busy machine. */
const CLOSE_TIMEOUT_MS = 60_000;

await run(
  async (onClose) => {
    // A signal during the start ends this process at once; the engines then end themselves, see Guard.java.
    const engines = await startRealEngines({
      dataDir: readConfig().ENGINES_DATA_DIR,
      onProgress: (text) => void process.stderr.write(`${text}\n`),
      // Ends the process like an unhandled rejection: logged, closed in order, exit code 1.
      onFatal: (error) => void Promise.reject(error),
    });
    onClose(engines.stop);
    process.stdout.write(describeEngines(engines));
  },
  { log: createLog({ service: 'engines' }), deadlineMs: CLOSE_TIMEOUT_MS },
);

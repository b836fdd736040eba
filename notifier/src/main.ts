import '@ums/kit/ignoreLoaderSettings';
import { listen } from '@ums/kit/http/listen';
import { createWorkerHost } from '@ums/kit/http/workerHost';
import { run } from '@ums/kit/lifecycle';
import { createLog } from '@ums/kit/log';
import { shipLogs } from '@ums/kit/log-shipping/startLogShipping';
import { readConfig } from './config.js';
import { startNotifier } from './service.js';

const log = createLog({ service: 'notifier' });

await run(
  async (onClose) => {
    const config = readConfig();
    onClose(shipLogs(config, log));
    const notifier = await startNotifier(config, { log });
    onClose(notifier.close);
    const host = await listen(createWorkerHost(notifier, log), { host: config.HOST, port: config.METRICS_PORT });
    onClose(host.close);
  },
  { log },
);

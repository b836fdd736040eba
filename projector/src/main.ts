import '@ums/kit/ignoreLoaderSettings';
import { listen } from '@ums/kit/http/listen';
import { createWorkerHost } from '@ums/kit/http/workerHost';
import { run } from '@ums/kit/lifecycle';
import { createLog } from '@ums/kit/log';
import { shipLogs } from '@ums/kit/log-shipping/startLogShipping';
import { readConfig } from './config.js';
import { startProjector } from './service.js';

const log = createLog({ service: 'projector' });

await run(
  async (onClose) => {
    const config = readConfig();
    onClose(shipLogs(config, log));
    const projector = await startProjector(config, { log });
    onClose(projector.close);
    const host = await listen(createWorkerHost(projector, log), { host: config.HOST, port: config.METRICS_PORT });
    onClose(host.close);
  },
  { log },
);

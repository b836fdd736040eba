import '@ums/kit/ignoreLoaderSettings';
import { createHost } from '@ums/kit/http/host';
import { listen } from '@ums/kit/http/listen';
import { createWorkerHost } from '@ums/kit/http/workerHost';
import { run } from '@ums/kit/lifecycle';
import { createLog } from '@ums/kit/log';
import { shipLogs } from '@ums/kit/log-shipping/startLogShipping';
import { readConfig } from './config.js';
import { ASYNCAPI, hostOptions, listenOptions, OPENAPI } from './hostOptions.js';
import { startQueryApi } from './service.js';

const log = createLog({ service: 'query-api' });

const start = async (onClose: (close: () => Promise<void>) => void): Promise<void> => {
  const config = readConfig();
  onClose(shipLogs(config, log));
  const service = await startQueryApi(config, { log });
  onClose(service.close);
  const metrics = createWorkerHost(service, log);
  onClose((await listen(metrics, { host: config.HOST, port: config.METRICS_PORT })).close);
  const app = createHost({ ...hostOptions(config, service, log), openApi: OPENAPI, asyncApi: ASYNCAPI });
  onClose((await listen(app, listenOptions(config, log))).close);
};

await run(start, { log });

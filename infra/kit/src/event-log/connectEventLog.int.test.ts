import { silentLog } from '@ums/kit/log';
import { eventLogContract } from '../../test/eventLogContract.js';
import { startLogServer } from '../../test/logServer.js';
import { connectEventLog } from './connectEventLog.js';

eventLogContract('connectEventLog', async () => {
  const server = await startLogServer();
  const eventLog = connectEventLog({ url: server.url, log: silentLog });
  const close = async () => {
    await eventLog.close();
    await server.close();
  };
  return { eventLog, close };
});

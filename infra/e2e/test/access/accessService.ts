import { randomUUID } from 'node:crypto';
import { appoint } from '@ums/commands/admin/appoint';
import type { RunningStart } from '@ums/embedded/start';
import { PATIENT } from '../../../../command-api/test/testApi.js';
import { serviceOnFolder } from '../../../embedded/test/serviceOnFolder.js';
import type { HttpAnswer, RequestOptions } from '../../../kit/test/ask.js';
import { until } from '../../../kit/test/until.js';
import { type ApiClient, apiClient } from '../apiClient.js';
import { FEEDBACK_TOPIC } from '../forgedNotice.js';
import type { AccessCell, AccessRow } from './accessCells.js';
import { accessParties } from './accessParties.js';

const SETTINGS = {
  CHECKPOINT_SECONDS: '1',
  SES_FEEDBACK_TOPIC_ARN: FEEDBACK_TOPIC,
  // No test of access may be refused for the number of its requests.
  LIMIT_REQUESTS_PER_SOURCE: '100000',
  LIMIT_MAILS_PER_SOURCE: '100000',
};

/** The whole service in one process, and the parties of the access matrix in it. */
export interface AccessService {
  client: ApiClient;
  engines: RunningStart['engines'];
  /** Sends the request of a cell, with all that was done to its parties visible. */
  answerTo(operation: string, row: AccessRow, cell: AccessCell): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export const startAccessService = async (): Promise<AccessService> => {
  const service = await serviceOnFolder({ env: SETTINGS, requestTimeouts: PATIENT });
  await service.start();
  const running = service.running();
  const client = await apiClient(running.api);
  const parties = await accessParties(client, running.inbox, (email) =>
    appoint([email], { DATA_DIR: service.dataDir }),
  );

  const answerTo = async (operation: string, row: AccessRow, cell: AccessCell): Promise<HttpAnswer> => {
    const [method = '', path = ''] = operation.split(' ');
    const isNew = row.spends === true && cell.answer.startsWith('2');
    const caller = await parties.caller(cell.caller, isNew);
    const target = await parties.target(cell.target, caller, isNew);
    const asked: RequestOptions = row.request?.(caller) ?? { token: caller.accessToken };
    const url = path.replace('{id}', target.id).replace('{receipt}', randomUUID()) + (row.query ?? '');
    const send = () =>
      client.ask(method.toUpperCase(), url, { ...asked, headers: { ...asked.headers, ...parties.consistency() } });
    let answer = await send();
    if (row.needsCheckpoint)
      await until(async () => {
        if (answer.status === 503) answer = await send();
        return answer.status !== 503;
      });
    return answer;
  };

  return { client, engines: running.engines, answerTo, close: service.remove };
};

import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { atEndOfFile, temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { startLogServer } from '../../test/logServer.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { type TestCertificates, testCertificates } from '../../test/testCertificates.js';
import { startTlsProxy } from '../../test/tlsProxy.js';
import { until } from '../../test/until.js';
import { describeError } from '../describeError.js';
import { silentLog } from '../log.js';
import { type ConnectedEventLog, connectEventLog } from './connectEventLog.js';
import { LogUnavailable, NO_STREAM } from './eventLog.js';
import { eventLogUrl } from './eventLogUrl.js';

let certificates: TestCertificates;
let others: TestCertificates;
let port: number;
const opened: ConnectedEventLog[] = [];
/** A read of a server that is refused takes all of its time limit, in which a busy machine connects at least once. */
const REFUSED_AFTER_MS = 4_000;

beforeAll(async () => {
  certificates = await testCertificates(await temporaryFolder('ums-tls-'), 'DNS:localhost');
  others = await testCertificates(await temporaryFolder('ums-tls-'));
  const server = await startLogServer();
  atEndOfFile(server.close);
  const proxy = await startTlsProxy(server.port, certificates, ['h2']);
  atEndOfFile(proxy.close);
  port = proxy.port;
});

afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
});

/** Connects with the connection string of an operator, as the reader of the setting accepts it where TLS is required. */
const connectTo = (host: string, parameters: string, limitMs = REFUSED_AFTER_MS): ConnectedEventLog => {
  const EVENTSTORE_URL = `esdb://ums:password@${host}:${port}?${parameters}`;
  const url = eventLogUrl().read('EVENTSTORE_URL', { EVENTSTORE_URL, REQUIRE_TLS: 'true' });
  const log = connectEventLog({ url, log: silentLog, appendDeadlineMs: limitMs, readSilenceMs: limitMs });
  opened.push(log);
  return log;
};
const trusting = ({ caFile }: TestCertificates): string => `tls=true&tlsCAFile=${encodeURIComponent(caFile)}`;

/** What the log shows of the failure. */
const refusal = async (log: ConnectedEventLog): Promise<string> => {
  const error = await log.ready().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LogUnavailable);
  return JSON.stringify(describeError(error));
};

describe('an event log with TLS', () => {
  it('K-04 is used by its own authority, for appends, reads and followers', async () => {
    const log = connectTo('localhost', trusting(certificates), PATIENT_MS);
    const event = { id: randomUUID(), type: 'Event', data: { number: 1 }, metadata: {} };
    await log.append('stream', [event], NO_STREAM);
    expect(await log.readStream('stream')).toMatchObject([{ id: event.id }]);
    const stopping = new AbortController();
    const followed: string[] = [];
    const following = (async () => {
      for await (const { id } of log.follow(undefined, { signal: stopping.signal })) followed.push(id);
    })();
    await until(() => followed.includes(event.id));
    stopping.abort();
    await following;
  });

  it('K-04 is refused when another authority signed its certificate', async () => {
    for (const parameters of [trusting(others), 'tls=true'])
      expect(await refusal(connectTo('localhost', parameters))).toMatch(/"tls":"[^"]*certificate/);
  });

  it('K-04 is refused under a name that its certificate does not have', async () => {
    const logged = await refusal(connectTo('127.0.0.1', trusting(certificates)));
    expect(logged).toContain(`"tls":"does not match certificate's altnames"`);
  });
});

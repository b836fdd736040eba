import { afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { atEndOfFile, temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { describeOn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, openSearchForTests } from '../../../engines/test/engineForTests.js';
import {
  eventually,
  indexedLines,
  loggerTo,
  PATIENT_REQUEST_MS,
  shipTo,
  untilShipped,
} from '../../test/logShippingTestbed.js';
import { type TestCertificates, testCertificates } from '../../test/testCertificates.js';
import { startTlsProxy } from '../../test/tlsProxy.js';
import { parseEnv } from '../env.js';
import { openLogStore } from '../log-search/logStore.js';
import type { OpenSearchAccess } from './openSearchClient.js';
import { openSearchAccess, openSearchSettings } from './openSearchSettings.js';
import type { LogShipping } from './startLogShipping.js';

jest.setTimeout(450_000);

describeOn(['OpenSearch'], 'an OpenSearch with TLS', () => {
  let certificates: TestCertificates;
  let others: TestCertificates;
  let plainUrl: string;
  let port: number;
  let shipping: LogShipping | undefined;

  beforeAll(async () => {
    certificates = await testCertificates(await temporaryFolder('ums-tls-'), 'DNS:localhost');
    others = await testCertificates(await temporaryFolder('ums-tls-'));
    ({ url: plainUrl } = await openSearchForTests());
    const proxy = await startTlsProxy(Number(new URL(plainUrl).port), certificates);
    atEndOfFile(proxy.close);
    port = proxy.port;
  }, ENGINE_START_TIMEOUT_MS);

  afterEach(() => shipping?.close());

  /** As an operator's variables say it. */
  const accessTo = (host: string, { caFile }: TestCertificates): OpenSearchAccess => {
    const env = { OPENSEARCH_URL: `https://${host}:${port}`, OPENSEARCH_CA_FILE: caFile, REQUIRE_TLS: 'true' };
    const access = openSearchAccess(parseEnv(openSearchSettings(), env));
    if (access === undefined) throw new Error('there is no OpenSearch');
    return access;
  };
  const ship = (access: OpenSearchAccess, lines: string[] = []): LogShipping => {
    const log = loggerTo(lines, 'shipping');
    shipping = shipTo(access.url, { ...access, requestTimeoutMs: PATIENT_REQUEST_MS, log, flushMs: 100 });
    return shipping;
  };

  it('K-04 gets the lines of a process that trusts its own authority, and shows them', async () => {
    const access = accessTo('localhost', certificates);
    const { counts } = ship(access);
    loggerTo([]).info('over TLS', { correlationId: 'c1' });
    await untilShipped({ counts });
    expect(counts()).toMatchObject({ indexed: 1, dropped: 0 });
    expect(await indexedLines(plainUrl)).toMatchObject([{ _source: { msg: 'over TLS' } }]);
    const store = openLogStore(access);
    expect(await store.search({ correlationId: 'c1', limit: 1 })).toMatchObject({
      lines: [{ line: { msg: 'over TLS' } }],
    });
    await store.close();
  });

  it.each([
    ['another authority signed its certificate', 'localhost', 'certificate'],
    ['its certificate has another name', '127.0.0.1', "does not match certificate's altnames"],
  ])('K-04 gets no line when %s, and the log says why', async (_when, host, reason) => {
    const lines: string[] = [];
    const access = accessTo(host, host === 'localhost' ? others : certificates);
    const { counts } = ship(access, lines);
    loggerTo([]).info('not sent');
    const reasons = () => lines.map((line) => String(JSON.parse(line).reason));
    await eventually(() => reasons().some((text) => text.includes(reason)), reasons);
    expect(counts().indexed).toBe(0);
    const store = openLogStore(access);
    await expect(store.search({ limit: 1 })).rejects.toThrow(new RegExp(`cannot be reached \\(.*${reason}\\)\\.$`));
    await store.close();
  });
});

import { randomBytes, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pictureKey } from '@ums/contracts/pictureKeys';
import { checkSecret } from '@ums/identity/vault/checkSecret';
import type { ConnectedEventLog } from '@ums/kit/event-log/connectEventLog';
import { silentLog } from '@ums/kit/log';
import { metricsText } from '@ums/kit/metrics';
import { openS3Storage } from '@ums/kit/object-storage/s3Storage';
import { StartRefused } from '@ums/kit/startRefused';
import sesLocal from 'aws-ses-v2-local';
import { testEventStore } from '../../infra/embedded/test/eventStore.js';
import { type TestObjectStorage, testObjectStorage } from '../../infra/embedded/test/objectStorage.js';
import { patientEventLog } from '../../infra/kit/test/patientEventLog.js';
import { until } from '../../infra/kit/test/until.js';
import { type MailFixture, mailFixture } from '../test/mailFixture.js';
import { recordFact } from '../test/pictures/pictureFixture.js';
import type { NotifierConfig } from './config.js';
import { startNotifier } from './service.js';

interface Inbox {
  emails: { destination: { to: string[] }; subject: string; body: { text: string; html: string } }[];
}

describe('the notifier', () => {
  let eventStore: Awaited<ReturnType<typeof testEventStore>>;
  let eventLog: ConnectedEventLog;
  let fixture: MailFixture;
  let ses: Server;
  let config: NotifierConfig;
  let s3: TestObjectStorage;
  beforeAll(async () => {
    eventStore = await testEventStore();
    eventLog = patientEventLog(eventStore.url);
    fixture = await mailFixture({ writeTo: eventLog });
    for (const [name, secret] of Object.entries(fixture.secrets)) await checkSecret(fixture.vault, name, secret);
    ses = await sesLocal.default({ host: '127.0.0.1', port: 0 });
    s3 = await testObjectStorage();
    config = {
      ...fixture.secrets,
      ...s3.settings(),
      EVENTSTORE_URL: eventStore.url,
      DATABASE_URL: fixture.url,
      // Connects with the role of the notifier, to test its grants.
      VAULT_DATABASE_URL: `${fixture.url}?options=${encodeURIComponent('-c role=notifier')}`,
      SES_ENDPOINT: `http://127.0.0.1:${(ses.address() as AddressInfo).port}`,
      SES_SENDS_PER_SECOND: 1_000,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: undefined,
      MAIL_FROM: 'users@example.org',
      PUBLIC_URL: 'https://users.example.org/ids',
      APP_NAME: 'Example Club',
      APP_URL: 'https://club.example.org',
      MAIL_LOGO_URL: undefined,
      HOST: '127.0.0.1',
      METRICS_PORT: 0,
      MASTER_KEY_PREVIOUS: undefined,
      KAFKA_BROKERS: undefined,
    };
  });
  afterAll(async () => {
    ses.closeAllConnections();
    await new Promise((resolve) => ses.close(resolve));
    await fixture.close();
    await s3.close();
    await eventLog.close();
    await eventStore.close();
  });

  const inboxOf = async (address: string) => {
    const { emails } = (await (await fetch(`${config.SES_ENDPOINT}/store`)).json()) as Inbox;
    return emails.filter(({ destination }) => destination.to.includes(address));
  };

  it('F-24 mails each fact once across a restart, with the grants of its database role', async () => {
    await fixture.register({ email: 'ada@example.org' });
    const first = await startNotifier(config, { log: silentLog });
    await until(async () => (await inboxOf('ada@example.org')).length === 1);
    await fixture.requestMail('ada@example.org');
    await until(async () => (await inboxOf('ada@example.org')).length === 2);
    await first.close();
    const second = await startNotifier(config, { log: silentLog });
    await fixture.erase({ email: 'grace@example.org' });
    await until(async () => (await inboxOf('grace@example.org')).length === 1);
    await until(async () => (await fixture.vault.query('select from farewell')).rowCount === 0);
    const { text } = await metricsText();
    expect(text).toContain('ums_mails_total{fate="sent",template="goodbye"} 1');
    expect(text).toContain('ums_mails_total{fate="unknown",template=""} 0');
    expect(text).toMatch(/^ums_consumer_lag_seconds\{consumer="mail"\} \d/m);
    await second.close();
    expect((await metricsText()).text).not.toContain('ums_consumer_lag_seconds{');

    const mails = await inboxOf('ada@example.org');
    for (const { body } of mails) {
      expect(body.text).toContain('Example Club');
      expect(body.text).toContain('https://users.example.org/ids/api/v1/auth/confirm?token=');
      expect(body.html).toContain('https://club.example.org');
    }
    expect(mails.map(({ subject }) => subject)).toEqual(['Confirm your e-mail address', 'Confirm your e-mail address']);
  });

  it('K-01 refuses to start with a wrong secret, and names it', async () => {
    const wrong = { ...config, ADDRESS_KEY: randomBytes(32) };

    await expect(startNotifier(wrong, { log: silentLog })).rejects.toThrow(
      new StartRefused('ADDRESS_KEY is not the secret this vault was made with.'),
    );
  });

  it('F-12 refuses to start on another log than the one the vault was made with', async () => {
    const other = randomUUID();
    await fixture.vault.query('insert into log_identity (log_id) values ($1)', [other]);
    try {
      await expect(startNotifier(config, { log: silentLog })).rejects.toThrow(
        `The vault belongs to event log ${other}, but EVENTSTORE_URL leads to event log `,
      );
    } finally {
      await fixture.vault.query('delete from log_identity');
    }
  });

  it('F-27 deletes pictures while SES is down, with a checkpoint of its own', async () => {
    const [userId, pictureId] = [randomUUID(), randomUUID()];
    const storage = openS3Storage(s3.access, { timeoutMs: 10_000 });
    const key = pictureKey(userId, pictureId, 64);
    await storage.put(key, Buffer.from('square'), { contentType: 'image/webp', maxBytes: 100 });
    const notifier = await startNotifier({ ...config, SES_ENDPOINT: 'http://127.0.0.1:1' }, { log: silentLog });
    await fixture.register({ email: 'waits@example.org' });
    await recordFact(eventLog, userId, { type: 'ProfilePictureRemoved', data: { replaced: pictureId } });
    await until(async () => (await storage.head(key)) === undefined);
    storage.close();
    expect(await inboxOf('waits@example.org')).toEqual([]);
    await notifier.close();
  });

  it('F-32 is ready while log, database and vault answer, and reports its lag', async () => {
    const notifier = await startNotifier(config, { log: silentLog });

    await until(async () => (await notifier.readiness()).lag?.positions === 0);
    expect(await notifier.readiness()).toMatchObject({
      ready: true,
      checks: { log: 'up', postgres: 'up', vault: 'up' },
    });
    await notifier.close();
  });
});

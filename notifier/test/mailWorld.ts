import { randomBytes, randomUUID } from 'node:crypto';
import { erasureNoticePlace } from '@ums/contracts/erasureNotice';
import type { DomainEvent } from '@ums/contracts/events/event';
import { type Message, toMessage } from '@ums/contracts/messages/message';
import { encode } from '@ums/contracts/stored';
import { mailStream, registrationStream, userStream } from '@ums/contracts/streams';
import { addressMac } from '@ums/identity/addressMac';
import { mailTokens } from '@ums/identity/mail-token/mailToken';
import { vaultDataKeys } from '@ums/identity/vault/dataKeys';
import { systemClock } from '@ums/kit/clock';
import { type EventLog, NO_STREAM } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { newDataKey, sealWith } from '@ums/kit/sealing/sealing';
import { testDatabase } from '../../infra/embedded/test/postgres.js';
import { memoryEventLog } from '../../infra/kit/test/memoryEventLog.js';
import type { MailDeps } from '../src/mail/mailDeps.js';
import { mailRecords } from '../src/mail/mailRecord.js';
import { handleMail } from '../src/mails.js';
import { fakeMailer } from './fakeMailer.js';

const folder = (path: string): string => new URL(path, import.meta.url).pathname;

/**
 * A vault, the notifier's schema, a log and a mailer, with what it takes to put facts there as command-api would.
 * @param written another log to write the facts to.
 */
export const mailWorld = async ({ written }: { written?: EventLog } = {}) => {
  const database = await testDatabase('notifier');
  const { url } = database;
  await migrate({ url, dir: folder('../../command-api/migrations'), log: silentLog });
  await migrate({ url, dir: folder('../migrations'), schema: 'notifier', log: silentLog });
  const vault = createPool({ url, applicationName: 'notifier test', log: silentLog });
  const secrets = { MASTER_KEY: randomBytes(32), ADDRESS_KEY: randomBytes(32), MAIL_TOKEN_KEY: randomBytes(32) };
  const master = masterKeys(secrets.MASTER_KEY);
  const addressKey = secrets.ADDRESS_KEY;
  const tokens = mailTokens(secrets.MAIL_TOKEN_KEY);
  const eventLog = memoryEventLog();
  const writeTo = written ?? eventLog;
  const mailer = fakeMailer();
  const counted: string[] = [];
  const deps: MailDeps = {
    eventLog,
    vault,
    keys: vaultDataKeys({ pool: vault, masterKeys: master, clock: systemClock }),
    addressKey,
    mailTokens: tokens,
    publicUrl: 'https://users.example.org',
    records: mailRecords({ pool: vault, leaseMs: 60_000, sendMs: 5_000 }),
    mailer,
    count: (fate) => {
      counted.push(fate);
    },
    log: silentLog,
  };

  const newKey = async (subject: string): Promise<Buffer> => {
    const key = newDataKey();
    const { wrapped, masterKeyId } = master.wrap(subject, key);
    await vault.query('insert into data_key (subject, wrapped, master_key_id) values ($1, $2, $3)', [
      subject,
      wrapped,
      masterKeyId,
    ]);
    return key;
  };

  const append = async (stream: string, event: DomainEvent, key = newDataKey()): Promise<Message> => {
    const id = randomUUID();
    const { type, data } = encode(event, { stream, eventId: id }, (place, text) =>
      sealWith(key, place, text, master.id),
    );
    const correlationId = randomUUID();
    const metadata = {
      $correlationId: correlationId,
      $causationId: correlationId,
      actor: { kind: 'anonymous' },
      at: new Date().toISOString(),
    };
    await writeTo.append(stream, [{ id, type, data, metadata }], NO_STREAM);
    const recorded = (await writeTo.readStream(stream)).at(-1);
    const message = recorded && toMessage(recorded);
    if (message === undefined) throw new Error('the log gave no message for what was appended');
    return message;
  };

  return {
    ...deps,
    deps,
    secrets,
    url,
    eventLog,
    mailer,
    counted,
    handle: handleMail(deps),
    append,
    /** Registers as command-api does: key, row, fact. `hours` until it expires. */
    register: async ({ email = 'ada@example.org', name = 'Ada Lovelace', mail = true, hours = 24 } = {}) => {
      const id = randomUUID();
      const key = await newKey(id);
      await vault.query(
        `insert into registration (id, address_mac, expires_at, mail) values ($1, $2, now() + $3 * interval '1 hour', $4)`,
        [id, addressMac(addressKey, email), hours, mail],
      );
      const event: DomainEvent = { type: 'RegistrationRequested', data: { email, name, passwordHash: 'hash' } };
      return { id, message: await append(registrationStream(id), event, key) };
    },
    /** Somebody has this address; `registrationId` is what the account came from. */
    takeAddress: async (email: string, registrationId: string = randomUUID()) => {
      const userId = randomUUID();
      await vault.query(`insert into account (user_id, registration_id, status) values ($1, $2, 'active')`, [
        userId,
        registrationId,
      ]);
      await vault.query('insert into address (mac, user_id) values ($1, $2)', [addressMac(addressKey, email), userId]);
    },
    wish: async (email = 'ada@example.org', minutes = 60) => {
      const id = randomUUID();
      await vault.query(
        `insert into mail_request (id, purpose, address_mac, expires_at)
         values ($1, 'confirm-registration', $2, now() + $3 * interval '1 minute')`,
        [id, addressMac(addressKey, email), minutes],
      );
      return append(mailStream(id), { type: 'MailRequested', data: { purpose: 'confirm-registration' } });
    },
    /** Erases as command-api and the keeper do: the last address, then the last fact. */
    erase: async ({ email = 'ada@example.org', minutes = 60 } = {}) => {
      const userId = randomUUID();
      const farewellId = randomUUID();
      const key = await newKey(farewellId);
      await vault.query(
        `insert into farewell (id, user_id, address, expires_at) values ($1, $2, $3, now() + $4 * interval '1 minute')`,
        [farewellId, userId, sealWith(key, erasureNoticePlace(farewellId), email, master.id), minutes],
      );
      return { userId, farewellId, message: await append(userStream(userId), { type: 'UserErased', data: {} }) };
    },
    /** What a minute of waiting does to every lease. */
    leasesEnd: () => vault.query(`update notifier.mail set lease_until = now() - interval '1 second'`),
    mails: async () =>
      (
        await vault.query<{
          state: string;
          reason: string | null;
          attempts: number;
          resends: number;
          template: string;
        }>('select state, reason, attempts, resends, template from notifier.mail order by at')
      ).rows,
    /** Empties everything but the log, for the next test. */
    clear: async () => {
      await vault.query('truncate data_key, registration, account, mail_request, farewell cascade');
      await vault.query('truncate notifier.mail, notifier.checkpoint, notifier.dead_message');
      mailer.clear();
      counted.length = 0;
    },
    close: async () => {
      await vault.end();
      await database.drop();
    },
  };
};

export type MailWorld = Awaited<ReturnType<typeof mailWorld>>;

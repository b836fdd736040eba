import { type KeyObject, randomUUID } from 'node:crypto';
import { erasureNoticePlace } from '@ums/contracts/erasureNotice';
import type { DomainEvent } from '@ums/contracts/events/event';
import type { MailPurpose } from '@ums/contracts/events/mail';
import type { UserEvent } from '@ums/contracts/events/user';
import type { Locale } from '@ums/contracts/locale';
import { type Message, toMessage } from '@ums/contracts/messages/message';
import { encode } from '@ums/contracts/stored/stored';
import { mailStream, registrationStream, userStream } from '@ums/contracts/streams';
import { addressMac } from '@ums/identity/addressMac';
import { ANY, type EventLog } from '@ums/kit/event-log/eventLog';
import type { MasterKeys } from '@ums/kit/sealing/masterKeys';
import { newDataKey, sealWith } from '@ums/kit/sealing/sealing';
import type pg from 'pg';

interface RecordDeps {
  vault: pg.Pool;
  master: MasterKeys;
  addressKey: KeyObject;
  eventLog: EventLog;
}

/** Records facts as command-api does: rows in the vault, then an event in the log. Each returns the event's message. */
export const recordFacts = ({ vault, master, addressKey, eventLog }: RecordDeps) => {
  const newKey = async (subject: string): Promise<KeyObject> => {
    const key = newDataKey();
    const { wrapped, masterKeyId } = master.wrap(subject, key);
    await vault.query('insert into data_key (subject, wrapped, master_key_id) values ($1, $2, $3)', [
      subject,
      wrapped,
      masterKeyId,
    ]);
    return key;
  };

  const newUser = async (userId: string, registrationId: string = randomUUID()): Promise<void> => {
    await vault.query(`insert into account (user_id, registration_id, status) values ($1, $2, 'active')`, [
      userId,
      registrationId,
    ]);
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
    await eventLog.append(stream, [{ id, type, data, metadata }], ANY);
    const recorded = (await eventLog.readStream(stream)).at(-1);
    const message = recorded && toMessage(recorded);
    if (message === undefined) throw new Error('no message for the appended event');
    return message;
  };

  return {
    /** @param hours until the registration expires. */
    register: async ({
      email = 'ada@example.org',
      name = 'Ada Lovelace',
      mail = true,
      withLink = false,
      hours = 24,
      locale = 'en' as Locale,
    } = {}) => {
      const id = randomUUID();
      const key = await newKey(id);
      await vault.query(
        `insert into registration (id, address_mac, expires_at, mail, with_link)
         values ($1, $2, now() + $3 * interval '1 hour', $4, $5)`,
        [id, addressMac(addressKey, email), hours, mail, withLink],
      );
      const event: DomainEvent = {
        type: 'RegistrationRequested',
        data: { email, name, passwordHash: 'hash', pictureId: null, locale },
      };
      return { id, message: await append(registrationStream(id), event, key) };
    },
    /** Gives the address to an account. @param registrationId of the account's registration. */
    takeAddress: async (email: string, registrationId: string = randomUUID()) => {
      const userId = randomUUID();
      await newUser(userId, registrationId);
      await vault.query('insert into address (mac, user_id) values ($1, $2)', [addressMac(addressKey, email), userId]);
    },
    /** Reserves the address for an account that had it before. */
    holdAddress: async (email: string) => {
      const userId = randomUUID();
      await newUser(userId, randomUUID());
      await vault.query(
        `insert into address (mac, user_id, state, held_until) values ($1, $2, 'held', now() + interval '7 days')`,
        [addressMac(addressKey, email), userId],
      );
    },
    /** A user chooses the language of mails. */
    changeLocale: (userId: string, locale: Locale) =>
      append(userStream(userId), { type: 'UserLocaleChanged', data: { locale } }),
    /** A user requests a new address. @param hours until the request expires. */
    requestEmailChange: async ({
      email = 'king@example.org',
      mail = true,
      hours = 24,
      userId = randomUUID() as string,
    } = {}) => {
      const changeId = randomUUID();
      const key = await newKey(userId);
      await newUser(userId);
      await vault.query(
        `insert into email_change (id, user_id, address_mac, expires_at, mail)
         values ($1, $2, $3, now() + $4 * interval '1 hour', $5)`,
        [changeId, userId, addressMac(addressKey, email), hours, mail],
      );
      const data = { changeId, email, currentEmail: 'ada@example.org' };
      const message = await append(userStream(userId), { type: 'EmailChangeRequested', data }, key);
      return { userId, changeId, message };
    },
    /** A user's new address is confirmed. */
    changeEmail: async (userId: string = randomUUID()) => {
      const changeId = randomUUID();
      const key = await newKey(userId);
      const data = { changeId, email: 'king@example.org', previousEmail: 'ada@example.org' };
      const message = await append(userStream(userId), { type: 'EmailChanged', data }, key);
      return { userId, changeId, message };
    },
    /** A user registers, and each of the events follows. The account is as after `UserRegistered`. */
    userWith: async (
      events: readonly UserEvent[],
      { userId = randomUUID() as string, locale = 'en' as Locale } = {},
    ) => {
      const key = await newKey(userId);
      await newUser(userId);
      await vault.query('insert into address (mac, user_id) values ($1, $2)', [
        addressMac(addressKey, 'ada@example.org'),
        userId,
      ]);
      const registered: UserEvent = {
        type: 'UserRegistered',
        data: {
          ...{ registrationId: randomUUID(), email: 'ada@example.org', name: 'Ada Lovelace', passwordHash: 'hash' },
          ...{ roles: ['user'], locale },
        },
      };
      const messages: Message[] = [];
      for (const event of [registered, ...events]) messages.push(await append(userStream(userId), event, key));
      return { userId, messages };
    },
    /** @param minutes until the mail request expires. */
    requestMail: async (email = 'ada@example.org', minutes = 60, purpose: MailPurpose = 'confirm-registration') => {
      const id = randomUUID();
      await vault.query(
        `insert into mail_request (id, purpose, address_mac, expires_at)
         values ($1, $2, $3, now() + $4 * interval '1 minute')`,
        [id, purpose, addressMac(addressKey, email), minutes],
      );
      return append(mailStream(id), { type: 'MailRequested', data: { purpose } });
    },
    /** Erases a user. @param minutes until the erasure notice expires. */
    erase: async ({
      email = 'ada@example.org',
      minutes = 60,
      userId = randomUUID() as string,
      receipt = undefined as string | undefined,
    } = {}) => {
      if (receipt !== undefined)
        await vault.query(
          `insert into erasure_receipt (receipt, user_id, position, started_at, vault_erased_at)
           values ($1, $2, 1, now(), now())`,
          [receipt, userId],
        );
      const noticeId = randomUUID();
      const key = await newKey(noticeId);
      await vault.query(
        `insert into farewell (id, user_id, address, expires_at) values ($1, $2, $3, now() + $4 * interval '1 minute')`,
        [noticeId, userId, sealWith(key, erasureNoticePlace(noticeId), email, master.id), minutes],
      );
      return append(userStream(userId), { type: 'UserErased', data: {} });
    },
  };
};

import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '@ums/contracts/events/event';
import type { SigninEvent } from '@ums/contracts/events/signin';
import type { UserEvent } from '@ums/contracts/events/user';
import type { Actor } from '@ums/contracts/metadata';
import { accessStream, signinStream, userStream } from '@ums/contracts/streams';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { systemClock } from '@ums/kit/clock';
import { ANY, type Appended, type EventToAppend } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { patientEventLog } from '../../infra/kit/test/patientEventLog.js';
import { addDataKey } from './addDataKey.js';
import { auditLog } from './audit.js';
import { MASTER_KEY, type World } from './world.js';

export const SOURCE = { ip: '192.0.2.7', userAgent: 'canary browser' };

/** A change of a user by somebody. */
export interface Change {
  by?: Actor;
  reason?: string;
  /** Time of the change. @default now */
  at?: Date;
}

export interface UserHistories {
  /** Reads of this user's history that are on record. */
  readsOf(userId: string): Promise<unknown[]>;
  /** Opens a grant for a reader and a user. @returns its id */
  grant(readerId: string, userId: string): Promise<string>;
  /** Creates the key of a user, who has no events yet. */
  addKey(): Promise<string>;
  /** Registers a new user. @returns the user's id */
  register(at?: Date): Promise<string>;
  /** Appends events to a user's stream; by the user if nobody else is named. */
  change(userId: string, events: readonly UserEvent[], change?: Change): Promise<void>;
  session(userId: string, event: SigninEvent): Promise<void>;
  /** Appends an event as it is. */
  append(stream: string, event: Omit<EventToAppend, 'id'>): Promise<Appended>;
  /** Appends the start of the erasure and destroys the key. */
  erase(userId: string, at?: Date): Promise<void>;
  close(): Promise<void>;
}

/** Writes histories to the event log of a world, as command-api does. */
export const userHistories = ({ eventLogUrl, vault }: World): UserHistories => {
  const eventLog = patientEventLog(eventLogUrl);
  const master = masterKeys(MASTER_KEY);
  const keys = vaultDataKeys({ pool: vault, masterKeys: master, clock: systemClock });

  const write = async (stream: string, userId: string, events: readonly DomainEvent[], change: Change = {}) => {
    const { by = { kind: 'user', id: userId }, reason, at = new Date() } = change;
    const cause = { correlationId: randomUUID(), causationId: randomUUID(), actor: by, source: SOURCE };
    await appendFacts(
      { eventLog, keys, masterKeys: master, clock: { now: () => at } },
      { stream, events, expected: ANY, cause: { ...cause, ...(reason === undefined ? {} : { reason }) } },
    );
  };
  const addKey = () => addDataKey({ vault });
  const change: UserHistories['change'] = (userId, events, by) => write(userStream(userId), userId, events, by);

  return {
    addKey,
    register: async (at = new Date()) => {
      const userId = await addKey();
      await change(userId, [registered()], { at });
      return userId;
    },
    change,
    session: (userId, event) => write(signinStream(userId), userId, [event]),
    append: (stream, event) => eventLog.append(stream, [{ id: randomUUID(), ...event }], ANY),
    erase: async (userId, at = new Date()) => {
      await change(userId, [{ type: 'UserErasureStarted', data: {} }], { at });
      await vault.query(
        'update data_key set wrapped = null, master_key_id = null, erased_at = now() where subject = $1',
        [userId],
      );
    },
    readsOf: async (userId) => (await eventLog.readStream(accessStream(userId))).map(({ data }) => data),
    grant: async (readerId, userId) => {
      const audit = auditLog({ eventLog, keys, masterKeys: master, clock: systemClock });
      const grantId = await audit.ask(readerId, userId);
      await audit.decide(grantId, 'AccessApproved', randomUUID());
      return grantId;
    },
    close: () => eventLog.close(),
  };
};

const registered = (): UserEvent => ({
  type: 'UserRegistered',
  data: {
    registrationId: randomUUID(),
    ...{ email: 'ada@example.org', name: 'Ada', passwordHash: 'canary hash', roles: ['user'], locale: 'en' },
  },
});

export const renamed = (name: string): UserEvent => ({ type: 'UserRenamed', data: { name } });

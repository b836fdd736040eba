import { type KeyObject, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { DomainEvent, RecordedEvent } from '@ums/contracts/events/event';
import { ERASED, type Erased } from '@ums/contracts/personal';
import { encode } from '@ums/contracts/stored/stored';
import { Undecodable } from '@ums/contracts/stored/undecodable';
import { grantStream, registrationStream, signinStream, userStream } from '@ums/contracts/streams';
import type { DataKeys } from '../sealing/dataKeys.js';
import { SealBroken } from '../sealing/sealBroken.js';
import { newDataKey, sealWith } from '../sealing/sealing.js';
import { MissingKey, openFacts } from './openFacts.js';

const [ada, bob, eve, waiting] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const keys = new Map<string, KeyObject>([ada, bob, eve, waiting].map((subject) => [subject, newDataKey()]));
const renamed: DomainEvent = { type: 'UserRenamed', data: { name: 'Ada' } };
const metadata = { $correlationId: 'c', $causationId: 'c', actor: { kind: 'user' }, at: '2026-01-01T00:00:00.000Z' };

const recorded = (stream: string, event: DomainEvent, subject: string): RecordedEvent => {
  const id = randomUUID();
  const key = keys.get(subject) ?? newDataKey();
  const stored = encode(event, { stream, eventId: id }, (place, text) => sealWith(key, place, text, 'm1'));
  return { id, stream, revision: 0n, position: 1n, metadata, ...stored };
};

/** A vault with these keys, and the subjects of each query. */
const vaultOf = (stored: ReadonlyMap<string, KeyObject | Erased>, broken: readonly string[] = []) => {
  const queries: string[][] = [];
  const fetch: DataKeys['fetch'] = async (subjects) => {
    const wanted = [...subjects];
    queries.push(wanted);
    if (wanted.some((subject) => broken.includes(subject))) throw new SealBroken('data key');
    return new Map([...stored].filter(([subject]) => wanted.includes(subject)));
  };
  const vault: DataKeys = { fetch, fresh: fetch, evict: () => undefined };
  return { queries, vault };
};

describe('openFacts', () => {
  it('opens a batch in order with one query to the vault', async () => {
    const { queries, vault } = vaultOf(keys);
    const suspended = recorded(userStream(bob), { type: 'UserSuspended', data: {} }, bob);
    const session = recorded(signinStream(eve), { type: 'SessionStarted', data: { sessionId: randomUUID() } }, eve);
    const events = [
      recorded(userStream(ada), renamed, ada),
      suspended,
      session,
      recorded(userStream(ada), renamed, ada),
    ];
    const opened = await openFacts(events, vault);
    expect(opened.map(({ recorded: event }) => event)).toEqual(events);
    expect(opened.map(({ fact }) => fact?.data)).toEqual([{ name: 'Ada' }, {}, session.data, { name: 'Ada' }]);
    expect(queries).toEqual([[ada]]);
  });

  it('sends no query for events without sealed fields', async () => {
    const { queries, vault } = vaultOf(keys);
    await openFacts([recorded(userStream(bob), { type: 'UserSuspended', data: {} }, bob)], vault);
    expect(await openFacts([], vault)).toEqual([]);
    expect(queries).toEqual([]);
  });

  it('G-02 returns the fields of an erased user and of an ended registration as erased', async () => {
    const registration: DomainEvent = {
      type: 'RegistrationRequested',
      data: { email: 'a', name: 'b', passwordHash: 'c', pictureId: null, locale: 'de' },
    };
    const { vault } = vaultOf(new Map([[ada, ERASED]]));
    const events = [
      recorded(userStream(ada), renamed, ada),
      recorded(registrationStream(waiting), registration, waiting),
    ];
    const opened = await openFacts(events, vault);
    const erased = { email: ERASED, name: ERASED, passwordHash: ERASED, pictureId: null, locale: 'de' };
    expect(opened.map(({ fact }) => fact?.data)).toEqual([{ name: ERASED }, erased]);
  });

  it('G-02 opens the purpose of a grant with the key of the user whom its data names, until they are erased', async () => {
    const asked: DomainEvent = { type: 'AccessRequested', data: { userId: ada, minutes: 60, purpose: 'Ticket 4711' } };
    const stream = grantStream(randomUUID());
    const events = [recorded(stream, asked, ada), recorded(stream, { type: 'AccessApproved', data: {} }, ada)];
    const { queries, vault } = vaultOf(keys);
    expect((await openFacts(events, vault)).map(({ fact }) => fact?.data)).toEqual([asked.data, {}]);
    expect(queries).toEqual([[ada]]);
    const [erased] = await openFacts(events, vaultOf(new Map([[ada, ERASED]])).vault);
    expect(erased?.fact?.data).toEqual({ ...asked.data, purpose: ERASED });
  });

  it('treats a missing key without a record of an erasure as a fault', async () => {
    const { vault } = vaultOf(new Map([[bob, keys.get(bob) ?? newDataKey()]]));
    const [failed, opened] = await openFacts(
      [recorded(userStream(ada), renamed, ada), recorded(userStream(bob), renamed, bob)],
      vault,
    );
    expect(failed?.failed).toBeInstanceOf(MissingKey);
    expect(opened?.fact?.data).toEqual({ name: 'Ada' });
  });

  it('K-02 fails one event whose sealed value was swapped, and no other', async () => {
    const { vault } = vaultOf(keys);
    const [mine, theirs] = [recorded(userStream(ada), renamed, ada), recorded(userStream(bob), renamed, bob)];
    const opened = await openFacts(
      [{ ...mine, data: theirs.data }, theirs, { ...mine, data: { name: 'clear' } }],
      vault,
    );
    expect(opened.map(({ failed }) => failed instanceof SealBroken)).toEqual([true, false, true]);
  });

  it('opens the events of other subjects when one wrapped key is damaged', async () => {
    const { vault } = vaultOf(keys, [bob]);
    const subjects = [ada, bob, eve];
    const opened = await openFacts(
      subjects.map((subject) => recorded(userStream(subject), renamed, subject)),
      vault,
    );
    expect(opened.map(({ failed }) => failed instanceof SealBroken)).toEqual([false, true, false]);
    expect(opened[2]?.fact?.data).toEqual({ name: 'Ada' });
  });

  it('F-15 distinguishes unknown events from undecodable ones', async () => {
    const { vault } = vaultOf(keys);
    const event = recorded(userStream(ada), renamed, ada);
    const of = async (change: Partial<RecordedEvent>) => (await openFacts([{ ...event, ...change }], vault))[0];
    expect((await of({ type: 'UserRenamed.v9' }))?.unknown).toBe(true);
    expect((await of({ stream: '$scavenges', type: '$metadata' }))?.unknown).toBe(true);
    expect((await of({ stream: 'elsewhere-1' }))?.unknown).toBe(true);
    expect((await of({ data: '{nope' }))?.failed).toEqual(new Undecodable('UserRenamed', 'data'));
    expect((await of({ data: { name: 7 } }))?.failed).toEqual(new Undecodable('UserRenamed', 'name'));
    expect((await of({ metadata: undefined }))?.failed).toEqual(new Undecodable('UserRenamed', 'metadata'));
  });

  it('throws when the vault is down, instead of reporting a fault of the data', async () => {
    const down: DataKeys = { ...vaultOf(keys).vault, fetch: () => Promise.reject(new Error('down')) };
    await expect(openFacts([recorded(userStream(ada), renamed, ada)], down)).rejects.toThrow('down');
  });
});

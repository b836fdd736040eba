import type { Fact } from '@ums/contracts/events/event';
import type { MailBlockKind } from '@ums/contracts/events/mailBounced';
import type { RegistrationEvent } from '@ums/contracts/events/registration';
import type { UserEvent } from '@ums/contracts/events/user';
import { registrationStream, userStream } from '@ums/contracts/streams';
import { addressMac } from '@ums/identity/addressMac';
import { WrongRevision } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { type Cause, serviceCause } from '@ums/kit/facts/cause';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import { Refused } from '@ums/kit/refused';
import { noteWait } from '@ums/kit/wait';
import type { FactDeps } from '../account/factDeps.js';
import { findMailSubject, type MailSubject } from '../account/mailBlockRow.js';
import { addRegistrationMailBlock, addRequestedMailBlock } from '../account/unprovenMailBlock.js';
import { changeUser } from '../change/changeUser.js';
import { loadRegistration } from '../registration/loadRegistration.js';
import { decide } from '../user/decide.js';
import { mailBouncedId } from '../user/derivedIds.js';

export interface Bounce {
  kind: MailBlockKind;
  feedbackId: string;
  /** Canonical. */
  email: string;
  /** When the report was published: the same in every copy of it. */
  at: Date;
}

/** `known`: it was recorded before. `unmatched`: nobody has the address, so nothing is stored about it. */
export type Recorded = 'recorded' | 'known' | 'unmatched';

/** Name of the acting service in the metadata of events. */
const ACTOR = 'mail-feedback';
const MAX_TRIES = 4;
const MOVED_ON = { dependency: 'vault', limit: `owner of the address changed ${MAX_TRIES} times`, waitedMs: 0 };

/**
 * Records that a mail to an address came back, and stops mail to it. The event comes first and the row of the vault second: of a
 * user, the row is part of the settled account, which a crash in between leaves to the reconciler; of a registration, SNS repeats
 * the notice, and the repeat finds the event and adds the row. If the block has ended since the event, a repeat adds nothing.
 *
 * An address that a user asks for gets the row alone. An event would tell the user that nobody has the address: that of a taken one
 * goes to its owner, and raises no revision of the user who asks (E-03).
 *
 * @throws Refused `busy`, LogUnavailable. Both are answered with 503: SNS repeats no notice that was answered with 4xx.
 */
export const recordBounce = async (deps: FactDeps, bounce: Bounce, origin: { id: string }): Promise<Recorded> => {
  const mac = addressMac(deps.addressKey, bounce.email);
  const cause = serviceCause(ACTOR, origin);
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const subject = await findMailSubject(deps.vault, mac, deps.clock.now());
    if (subject === undefined) return 'unmatched';
    const append = APPENDS[subject.kind];
    const outcome = await append(deps, subject.id, bounce, cause);
    if (outcome === 'changed') continue;
    deps.crashPoint?.('bounce-appended');
    if (subject.kind === 'registration')
      await addRegistrationMailBlock(deps.vault, { mac, kind: bounce.kind, registrationId: subject.id });
    return outcome;
  }
  throw noteWait(new Refused('busy', { retryAfterSeconds: 1 }), MOVED_ON);
};

/** `changed`: the subject has ended or moved on meanwhile, and has to be looked for again. */
type Append = (
  deps: FactDeps,
  id: string,
  bounce: Bounce,
  cause: Cause,
) => Promise<Exclude<Recorded, 'unmatched'> | 'changed'>;

const appendToUser: Append = async (deps, userId, { feedbackId, at, ...bounce }, cause) => {
  const eventId = mailBouncedId(feedbackId, userStream(userId));
  let isKnown = false;
  try {
    const { state } = await changeUser(deps, {
      ...{ userId, cause, eventIds: [eventId] },
      decide: (current, facts) => {
        // A repeat appends nothing, and settles what a crash has left.
        isKnown = facts.some((fact) => fact.id === eventId || provedAfter(fact, bounce.email, at));
        return isKnown ? [] : decide({ type: 'RecordBounce', ...bounce }, current);
      },
    });
    if (state.status === 'erased') return 'changed';
    return isKnown ? 'known' : 'recorded';
  } catch (error) {
    if (error instanceof Refused && (error.slug === 'not-found' || error.slug === 'conflict')) return 'changed';
    throw error;
  }
};

/** Whether the fact is a proof of the address that came after the report, which was about an earlier mail then. */
const provedAfter = ({ type, data, metadata }: Fact<UserEvent>, email: string, at: Date): boolean =>
  (type === 'UserRegistered' || type === 'EmailChanged' || type === 'EmailChangeUndone') &&
  data.email === email &&
  Date.parse(metadata.at) > at.getTime();

const blockRequested: Append = (deps, userId, { kind, email }) =>
  addRequestedMailBlock(deps.vault, { mac: addressMac(deps.addressKey, email), kind, userId }, deps.clock.now());

const appendToRegistration: Append = async (deps, registrationId, { feedbackId, kind, email }, cause) => {
  const stream = registrationStream(registrationId);
  const id = mailBouncedId(feedbackId, stream);
  const { facts, revision } = await loadRegistration(deps, registrationId);
  if (facts.some((fact) => fact.id === id)) return 'known';
  if (revision === undefined || facts.some(isCompleted)) return 'changed';
  try {
    await appendFacts<RegistrationEvent>(deps, {
      ...{ stream, expected: revision, cause, ids: [id] },
      events: [{ type: 'MailBounced', data: { kind, address: 'requested', email } }],
    });
    return 'recorded';
  } catch (error) {
    if (error instanceof WrongRevision || error instanceof SubjectErased) return 'changed';
    throw error;
  }
};

const isCompleted = ({ type }: Fact<RegistrationEvent>): boolean => type === 'RegistrationCompleted';

const APPENDS: Readonly<Record<MailSubject['kind'], Append>> = {
  owner: appendToUser,
  requester: blockRequested,
  registration: appendToRegistration,
};

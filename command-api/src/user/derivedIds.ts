import type { SigninEvent } from '@ums/contracts/events/signin';
import { v5 } from 'uuid';

/*
 * Ids that a repeated step makes again, so that the repeat has no effect: the log stores an event id once. They are UUIDs of
 * version 5 (RFC 9562 §5.5). The log holds them, so none of these derivations may change.
 */

const SIGNIN = '0b8a2c36-6f9a-4a5d-8d43-0d1f7f0f5b7e';
const MAIL_FEEDBACK = '2d0b7a52-8c43-4f0e-9a51-5f7c1f3f0b6d';
const IDEMPOTENT_REQUEST = '6f9d1f43-3c3c-4ad1-9a32-8b1de2f7a4c5';

/** Id of the user that a registration becomes. */
export const userIdOf = (registrationId: string): string => v5('user', registrationId);

/** Id of the `UserRegistered` that the confirmation of a registration appends. */
export const userRegisteredId = (registrationId: string): string => v5('UserRegistered', registrationId);

/** Id of the `ProfilePictureSubmitted` that the confirmation appends if a picture was sent with the registration. */
export const registeredPictureId = (registrationId: string): string => v5('ProfilePictureSubmitted', registrationId);

/** Id of the `RegistrationCompleted` that the confirmation of a registration appends. */
export const registrationCompletedId = (registrationId: string): string => v5('RegistrationCompleted', registrationId);

/** Id of the event that confirms a change of the address, or undoes it: each happens once to a change. */
export const emailChangeEventId = (type: 'EmailChanged' | 'EmailChangeUndone', changeId: string): string =>
  v5(type, changeId);

/** Id of the event that takes the outcome of an upload over into its user's stream. */
export const pictureSettledId = (pictureId: string): string => v5('picture settled', pictureId);

/** Id of the `MailBounced` of a report of the mail provider: each report has one at most in a stream. */
export const mailBouncedId = (feedbackId: string, stream: string): string =>
  v5(`${feedbackId} ${stream}`, MAIL_FEEDBACK);

/** Id of the `UserErased` that finishes a user's erasure. */
export const userErasedId = (userId: string): string => v5('UserErased', userId);

/** Id of the start or end of a session: each session has one of each. */
export const signinEventId = ({ type, data: { sessionId } }: SigninEvent): string => v5(`${type} ${sessionId}`, SIGNIN);

/**
 * Id of an event that a request with an `Idempotency-Key` appends.
 *
 * @param request MAC that identifies the key, its caller and its route.
 * @param index of the event among those that the request appends to the stream.
 */
export const requestedEventId = (request: string, stream: string, index: number): string =>
  v5(`${request} ${stream} ${index}`, IDEMPOTENT_REQUEST);

import { isUuid, UUID_PATTERN } from './uuid.js';

/** The categories of streams this service writes. A stream id is never reused, not even after an erasure. */
export type StreamCategory = 'registration' | 'user' | 'signin' | 'picture' | 'mail' | 'grant' | 'access';

/** One registration. The registration is its own subject, since no user exists yet. */
export const registrationStream = (registrationId: string): string => `registration-${registrationId}`;
/** Identity, profile, roles and status of a user. */
export const userStream = (userId: string): string => `user-${userId}`;
/** Sessions of a user, sealed for the user. Never folded into a state, so that appends to it need no revision. */
export const signinStream = (userId: string): string => `signin-${userId}`;
/** What became of one upload of a picture. It has no subject, so its events hold no personal fields. */
export const pictureStream = (pictureId: string): string => `picture-${pictureId}`;
/** One mail request. It has no subject, so its events hold no personal fields. */
export const mailStream = (requestId: string): string => `mail-${requestId}`;

/** One request to see the personal values of a user. Its purpose is sealed for that user, whom the data names. */
export const grantStream = (grantId: string): string => `grant-${grantId}`;
/**
 * Reads about this user by others; reads about no user in particular are in the reader's own. Its events hold no personal
 * fields. Never folded into a state, so that appends to it need no revision.
 */
export const accessStream = (userId: string): string => `access-${userId}`;

/** Holds one event, appended at the first start. Its id is the log's identity in every checkpoint and consistency token. */
export const LOG_IDENTITY_STREAM = 'log-identity';

export interface StreamName {
  category: StreamCategory;
  id: string;
}

const NAME = new RegExp(`^(registration|user|signin|picture|mail|grant|access)-(${UUID_PATTERN})$`);

/** Splits a stream name; `undefined` for other streams (system streams, `log-identity`). */
export const parseStream = (name: string): StreamName | undefined => {
  const match = NAME.exec(name);
  return match === null ? undefined : { category: match[1] as StreamCategory, id: match[2] as string };
};

/**
 * Whether the key of this stream's subject is deleted without a tombstone when it ends, so that a missing key means erased.
 * True for registrations, since each ends soon. A missing key of any other subject is a fault.
 */
export const keyIsDeleted = ({ category }: StreamName): boolean => category === 'registration';

/**
 * The subject whose data key seals the personal fields of an event: the user of `user-` and `signin-`, the registration of
 * `registration-`. An event of `grant-` concerns a user whom its data names as `userId`. `undefined` for events without
 * personal data.
 *
 * @param data of the event, as stored or as it is to be stored. It is not validated.
 */
export const subjectOf = (stream: string, data: unknown): string | undefined => {
  const name = parseStream(stream);
  switch (name?.category) {
    case 'registration':
    case 'user':
    case 'signin':
      return name.id;
    case 'grant': {
      const userId = (data as { userId?: unknown } | null | undefined)?.userId;
      return isUuid(userId) ? userId : undefined;
    }
    case 'picture':
    case 'mail':
    case 'access':
    case undefined:
      return undefined;
    default:
      return name?.category satisfies undefined;
  }
};

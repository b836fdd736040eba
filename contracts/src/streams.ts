/** The kinds of stream this service writes. A stream id is never used again, not even after an erasure. */
export type StreamCategory = 'registration' | 'user' | 'signin' | 'picture' | 'mail';

export const registrationStream = (registrationId: string): string => `registration-${registrationId}`;
export const userStream = (userId: string): string => `user-${userId}`;
export const signinStream = (userId: string): string => `signin-${userId}`;
export const mailStream = (requestId: string): string => `mail-${requestId}`;

/** Holds one event, written at the log's first start; its id is the log's identity in every checkpoint and token. */
export const LOG_IDENTITY_STREAM = 'log-identity';

export interface StreamName {
  category: StreamCategory;
  id: string;
}

const NAME = /^(registration|user|signin|picture|mail)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Splits a stream name; `undefined` for a stream that is none of ours (system streams, `log-identity`). */
export const parseStream = (name: string): StreamName | undefined => {
  const match = NAME.exec(name);
  return match === null ? undefined : { category: match[1] as StreamCategory, id: match[2] as string };
};

/**
 * Whose data key seals the fields of a stream: the user of `user-` and `signin-`, the registration of `registration-`.
 * `undefined` where nothing personal is written.
 */
export const subjectOf = (stream: string): string | undefined => {
  const name = parseStream(stream);
  return name === undefined || name.category === 'mail' || name.category === 'picture' ? undefined : name.id;
};

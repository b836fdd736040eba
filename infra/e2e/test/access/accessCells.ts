import type { RequestOptions } from '../../../kit/test/ask.js';

/** Who sends a request. Suspended and erased callers were administrators, and send the tokens they had. */
export const CALLERS = ['anonymous', 'user', 'auditor', 'service', 'administrator', 'suspended', 'erased'] as const;
export type Caller = (typeof CALLERS)[number];

/** The user that the id in the path names: the caller, or another user who is active, suspended or erased. */
export const TARGETS = ['own', 'other', 'suspended', 'erased'] as const;
export type Target = (typeof TARGETS)[number];

/** A status, and the slug of the problem if it is one: `403 forbidden`. */
type Answer = string;

/** What the request may take from its caller. An anonymous client has no token, and an address without an account. */
export interface Party {
  id: string;
  email: string;
  password: string;
  accessToken: string | undefined;
  refreshToken: string;
}

/** How one operation answers every caller. */
export interface AccessRow {
  /** The answer to each caller, or for each target if the path has an id. */
  answers: Readonly<Record<Caller, Answer | Readonly<Record<Target, Answer>>>>;
  /** Query of the request, with its question mark. */
  query?: string;
  /** Credentials and body of the request. @default the access token of the caller, and no body */
  request?(caller: Party): RequestOptions;
  /** A success changes the caller or the target, so that each request that succeeds needs new ones. */
  spends?: true;
  /** It needs a checkpoint that covers the target: the request is repeated until the notary has signed one. */
  needsCheckpoint?: true;
  /** How many users a success shows. @default none */
  users?: number;
}

export interface AccessCell {
  caller: Caller;
  target: Target;
  answer: Answer;
}

/** The cells of a row: one for each caller and, if the path has an id, each target. An anonymous caller has no id. */
export const cellsOf = (operation: string, { answers }: AccessRow): AccessCell[] =>
  CALLERS.flatMap((caller) => {
    const answer = answers[caller];
    const targets = TARGETS.filter((target) =>
      operation.includes('{id}') ? !(caller === 'anonymous' && target === 'own') : target === 'own',
    );
    return targets.map((target) => ({ caller, target, answer: typeof answer === 'string' ? answer : answer[target] }));
  });

/** The operation answers every caller alike. */
export const everyone = (answer: Answer): AccessRow['answers'] => ({
  ...{ anonymous: answer, user: answer, auditor: answer, service: answer, administrator: answer },
  ...{ suspended: answer, erased: answer },
});

/** The operation needs an access token that is still valid. */
export const signedIn = (answer: Answer): AccessRow['answers'] => ({
  ...everyone(answer),
  ...{ anonymous: '401 unauthenticated', suspended: '401 unauthenticated', erased: '401 unauthenticated' },
});

/** The operation needs one of the roles `auditor` and `admin`, and answers both alike. */
export const auditors = (answer: Answer): AccessRow['answers'] => ({
  ...signedIn('403 forbidden'),
  ...{ auditor: answer, administrator: answer },
});

/** The operation needs the role `admin` for every target. @param others answers for targets that differ from `own` */
export const administrators = (own: Answer, others: Partial<Record<Target, Answer>> = {}): AccessRow['answers'] => ({
  ...signedIn('403 forbidden'),
  administrator: { own, other: own, suspended: own, erased: '404 not-found', ...others },
});

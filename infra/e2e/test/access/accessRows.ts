import { FORGED_TOKEN } from '../../../../command-api/test/forgedToken.js';
import { forgedNotice } from '../forgedNotice.js';
import { type AccessRow, administrators, auditors, everyone, type Party, signedIn } from './accessCells.js';

const REASON = 'Ticket 4711';
const NOBODY = '00000000-0000-4000-8000-000000000000';

const withBody =
  (bodyOf: (caller: Party) => object): NonNullable<AccessRow['request']> =>
  (caller) => ({ token: caller.accessToken, body: bodyOf(caller) });

const reason = withBody(() => ({ reason: REASON }));
const ownPassword = withBody(({ password }) => ({ password }));

const sessionsOnly = {
  ...everyone('200'),
  ...{ anonymous: '401 refresh-token-invalid', suspended: '401 refresh-token-invalid' },
  erased: '401 refresh-token-invalid',
};

/** Who may do what: a row for each operation of the API document. An operation without a row fails the tests (Z-01). */
export const ACCESS_ROWS: Readonly<Record<string, AccessRow>> = {
  'post /auth/register': {
    answers: everyone('202'),
    request: withBody(({ email, password }) => ({ email: `new.${email}`, name: 'New', password })),
  },
  'get /auth/confirm': { answers: everyone('200'), query: `?token=${FORGED_TOKEN}` },
  'post /auth/confirm': {
    answers: everyone('400 token-invalid'),
    request: withBody(({ password }) => ({ token: 'x', password })),
  },
  'post /auth/send': { answers: everyone('202'), request: withBody(({ email }) => ({ email })) },
  'post /auth/password-reset': { answers: everyone('202'), request: withBody(({ email }) => ({ email })) },
  'post /auth/login': {
    answers: {
      ...everyone('200'),
      ...{
        anonymous: '401 credentials-invalid',
        suspended: '403 account-suspended',
        erased: '401 credentials-invalid',
      },
    },
    request: withBody(({ email, password }) => ({ email, password })),
    users: 1,
  },
  'post /auth/refresh': {
    answers: sessionsOnly,
    request: withBody(({ refreshToken }) => ({ refreshToken })),
    spends: true,
  },
  'get /auth/refresh': { answers: sessionsOnly, request: ({ refreshToken: token }) => ({ token }), spends: true },
  'post /auth/logout': { answers: signedIn('204'), spends: true },
  'post /hooks/ses': { answers: everyone('403 notice-not-proven'), request: () => forgedNotice() },
  'get /user': { answers: signedIn('200'), users: 1 },
  'put /user': { answers: signedIn('200'), request: withBody(() => ({ name: 'Ada King' })), users: 1 },
  'put /user/password': {
    answers: signedIn('200'),
    request: withBody(({ password }) => ({ password, newPassword: `another ${password}` })),
    spends: true,
  },
  'get /user/sessions': { answers: signedIn('200') },
  'post /user/sessions/end': { answers: signedIn('204'), request: ownPassword },
  // The id of a user is the id of no session.
  'post /user/sessions/{id}/end': { answers: signedIn('404 not-found'), request: ownPassword },
  'delete /user/picture': { answers: signedIn('200'), users: 1 },
  'delete /user': { answers: signedIn('204'), request: ownPassword, spends: true },
  'post /user/erasure': { answers: signedIn('204'), request: ownPassword, spends: true },
  'post /user/export': { answers: signedIn('200'), request: ownPassword, needsCheckpoint: true },
  'get /users': { answers: administrators('200'), query: '?limit=2', users: 2 },
  'get /users/summary': { answers: administrators('200') },
  'get /users/{id}': {
    answers: {
      ...administrators('200'),
      auditor: { own: '200', other: '200', suspended: '200', erased: '410 user-erased' },
    },
    users: 1,
  },
  'put /users/{id}/roles': {
    answers: administrators('200', { suspended: '403 account-suspended' }),
    request: withBody(({ password }) => ({ roles: ['user', 'auditor'], reason: REASON, password })),
    spends: true,
    users: 1,
  },
  'post /users/{id}/suspension': { answers: administrators('200'), request: reason, spends: true, users: 1 },
  'delete /users/{id}/suspension': { answers: administrators('200'), request: reason, spends: true, users: 1 },
  'post /users/{id}/suspension/end': { answers: administrators('200'), request: reason, spends: true, users: 1 },
  'post /users/{id}/mail-block/end': { answers: administrators('200'), request: reason, users: 1 },
  'post /users/{id}/erasure': {
    answers: administrators('204', { erased: '204' }),
    request: withBody(({ password }) => ({ reason: REASON, password })),
    spends: true,
  },
  // The id of a user is the id of no grant.
  'post /users/{id}/export': {
    answers: administrators('403 grant-required', { erased: '410 user-erased' }),
    request: withBody(({ id, password }) => ({ password, grant: id })),
  },
  'get /erasures/{receipt}': { answers: everyone('404 not-found') },
  'post /audit/grants': {
    answers: auditors('404 not-found'),
    request: withBody(({ password }) => ({ userId: NOBODY, purpose: REASON, minutes: 60, password })),
  },
  'get /audit/grants': { answers: auditors('200') },
  // The id of a user is the id of no grant.
  'get /audit/grants/{id}': { answers: auditors('404 not-found') },
  'post /audit/grants/{id}/decision': {
    answers: auditors('404 not-found'),
    request: withBody(({ password }) => ({ decision: 'approve', password })),
  },
  'delete /audit/grants/{id}': { answers: auditors('404 not-found') },
  'get /user/history': { answers: signedIn('200') },
  'get /users/{id}/history': { answers: auditors('200') },
  'get /users/{id}/history/proof': { answers: auditors('200'), needsCheckpoint: true },
  'get /user/history/proof': { answers: signedIn('200'), needsCheckpoint: true },
  'get /audit/checkpoint': { answers: auditors('200'), needsCheckpoint: true },
  'get /audit/proof': { answers: auditors('404 not-found'), query: '?event=0b4a7d0e-0b5c-4a9e-8f4e-0d6c7a1b2c3d' },
  'get /audit/consistency': { answers: auditors('200'), query: '?from=1&to=1', needsCheckpoint: true },
  'get /audit/events': { answers: auditors('200') },
};

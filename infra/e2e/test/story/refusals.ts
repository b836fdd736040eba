import { expect } from '@jest/globals';
import type { RequestOptions } from '../../../kit/test/ask.js';
import { slugOf } from '../apiClient.js';
import type { Step, Story } from './story.js';

type Refusal = [method: string, path: string, asked: RequestOptions, status: number, slug: string, fields?: string[]];

const asJson = { 'content-type': 'application/json' };

const refusals = ({ ada, grace }: Story): Refusal[] => {
  const [user, admin] = [{ token: ada.accessToken }, { token: grace.accessToken }];
  const invalid = [400, 'validation-failed'] as const;
  const { password } = ada;
  return [
    ['POST', '/auth/register', { body: { email: 'ada', name: 'Ada', password } }, ...invalid, ['email']],
    ['POST', '/auth/register', { body: { email: 'a@example.org', name: '', password } }, ...invalid, ['name']],
    [
      'POST',
      '/auth/register',
      { body: { email: 'a@example.org', name: 'A', password: 'short' } },
      ...invalid,
      ['password'],
    ],
    ['POST', '/auth/register', { body: { email: 'a@example.org', name: 'A', password, roles: ['admin'] } }, ...invalid],
    ['POST', '/auth/login', { body: { email: ada.email } }, ...invalid, ['password']],
    ['POST', '/auth/confirm', { body: { token: 1, password } }, ...invalid, ['token']],
    ['POST', '/auth/confirm', { body: '{"token":', headers: asJson }, 400, 'body-unreadable'],
    ['GET', `/auth/confirm?token=${'x'.repeat(1_001)}`, {}, ...invalid, ['token']],
    ['POST', '/auth/send', { body: { email: 'ada at example' } }, ...invalid, ['email']],
    ['PUT', '/user', { ...user, body: { name: 'two\nlines' } }, ...invalid, ['name']],
    ['PUT', '/user', { ...user, body: { name: 'Ada' }, headers: { 'if-match': 'one' } }, ...invalid, ['if-match']],
    ['GET', '/user', { ...user, headers: { 'x-consistency-token': 'yesterday' } }, ...invalid, ['x-consistency-token']],
    ['GET', '/users?limit=0', admin, ...invalid, ['limit']],
    ['GET', '/users?after=there', admin, ...invalid, ['after']],
    ['GET', '/users?search=%20', admin, ...invalid, ['search']],
    ['GET', '/users?status=asleep', admin, ...invalid, ['status']],
    ['GET', '/users?registeredFrom=today', admin, ...invalid, ['registeredfrom']],
    ['GET', '/users/summary?status=active', admin, ...invalid, ['status']],
    ['GET', '/users/ada', admin, ...invalid, ['id']],
    ['POST', `/users/${ada.id}/suspension`, { ...admin, body: {} }, ...invalid, ['reason']],
    ['GET', '/user', {}, 401, 'unauthenticated'],
    ['PUT', '/user', { token: ada.refreshToken, body: { name: 'Ada' } }, 401, 'unauthenticated'],
    ['GET', '/users', { token: 'none' }, 401, 'unauthenticated'],
    ['POST', '/auth/logout', {}, 401, 'unauthenticated'],
    ['POST', '/auth/refresh', { body: { refreshToken: ada.accessToken } }, 401, 'refresh-token-invalid'],
    ['GET', '/users', user, 403, 'forbidden'],
    ['DELETE', `/users/${grace.id}/suspension`, { ...user, body: { reason: 'None' } }, 403, 'forbidden'],
    ['GET', '/nothing', {}, 404, 'not-found'],
    ['PATCH', '/user', { ...user, body: { name: 'Ada' } }, 405, 'method-not-allowed'],
    ['POST', '/auth/register', { body: 'x'.repeat(70_000), headers: asJson }, 413, 'body-too-large'],
    ['POST', '/auth/login', { body: `email=${ada.email}` }, 415, 'media-type-unsupported'],
  ];
};

const invalidRequests: Step = {
  title: 'H-04 I-02 answers invalid requests with a problem that names the field but not its value',
  run: async (story) => {
    for (const [method, path, asked, status, slug, fields] of refusals(story)) {
      const answer = await story.client.ask(method, path, asked);
      const named = answer.json.errors?.map(({ field }: { field: string }) => field.split('.').at(-1)?.toLowerCase());
      expect([method, path, answer.status, slugOf(answer), ...(fields ? [named] : [])]).toEqual([
        ...[method, path, status, slug],
        ...(fields ? [fields] : []),
      ]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.text).not.toContain(story.ada.email);
    }
  },
};

const rateLimit: Step = {
  title: 'R-01 answers 429 with Retry-After after ten wrong passwords',
  run: async ({ client }) => {
    const body = { email: 'guessed@example.org', password: 'password number n' };
    const guess = () => client.ask('POST', '/auth/login', { body });
    const statuses = new Set<number>();
    for (let attempt = 0; attempt < 10; attempt += 1) statuses.add((await guess()).status);
    let limited = await guess();
    // The delay begins at a second, and each guess doubles it: one of these comes in time.
    for (let late = 0; late < 4 && limited.status === 401; late += 1) limited = await guess();
    expect([[...statuses], limited.status, slugOf(limited)]).toEqual([[401], 429, 'too-many-attempts']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  },
};

export const refusalSteps: readonly Step[] = [invalidRequests, rateLimit];

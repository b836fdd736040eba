import { expect } from '@jest/globals';
import { consistentWith, logIn, type Story } from '../story/story.js';
import { textWith, wordFor } from './canaryWords.js';

/**
 * Fills everything that an administrator can write about a person: the reasons of a suspension, of its end and of a change of
 * roles, a search, and the purpose of a grant. The person is logged in again afterwards.
 *
 * @returns the id of the grant
 */
export const fillAsAdministrator = async (story: Story): Promise<string> => {
  const { client, ada, grace } = story;
  await logIn(story, grace);
  const { accessToken: token, password } = grace;
  const path = `/users/${ada.id}`;
  const commands = [
    ['POST', `${path}/suspension`, { reason: textWith('suspension') }],
    ['POST', `${path}/suspension/end`, { reason: textWith('reinstatement') }],
    ['PUT', `${path}/roles`, { roles: ['user', 'auditor'], reason: textWith('roles'), password }],
    ['PUT', `${path}/roles`, { roles: ['user'], reason: textWith('roles'), password }],
  ] as const;
  for (const [method, route, body] of commands)
    expect([route, (await client.ask(method, route, { token, body })).status]).toEqual([route, 200]);
  const headers = consistentWith(await logIn(story, ada));
  const found = await client.ask('GET', `/users?search=${wordFor('search')}`, { token, headers });
  expect([found.status, found.json.items]).toEqual([200, []]);
  const grant = { userId: ada.id, purpose: textWith('purpose'), minutes: 60, password };
  const asked = await client.ask('POST', '/audit/grants', { token, body: grant });
  expect(asked.status).toBe(201);
  return asked.json.id;
};

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { confirmedUser, PASSWORD, requestOrigin } from '../../test/testCommands.js';
import { applyCommand, principalIn, type TestSessions, testSessions } from '../../test/testSessions.js';
import { login } from '../session/login.js';
import { liveCaller } from './liveCaller.js';

const ADA = 'ada@example.org';
const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });

let deps: TestSessions;
let userId: string;
beforeEach(async () => {
  deps = await testSessions();
  userId = await confirmedUser(deps, ADA);
});
afterEach(() => deps.close());

const principal = async () => {
  const { body } = await login(deps, { email: ADA, password: PASSWORD }, requestOrigin());
  return principalIn(deps, body.accessToken);
};

describe('liveCaller', () => {
  it('T-08 checks the epoch and the role in the vault', async () => {
    const who = await principal();
    await expect(liveCaller(deps, who)).resolves.toEqual({ ...who, sessionEpoch: 0n });
    await expect(liveCaller(deps, who, 'admin')).rejects.toEqual(refusal('forbidden'));
    await applyCommand(deps, userId, { type: 'GrantRole', role: 'admin' });
    await expect(liveCaller(deps, who, 'admin')).rejects.toEqual(refusal('unauthenticated'));
    await expect(liveCaller(deps, { ...who, epoch: 1n }, 'admin')).resolves.toMatchObject({ userId: who.userId });
  });

  it('Z-01 takes any one of several roles', async () => {
    await applyCommand(deps, userId, { type: 'GrantRole', role: 'auditor' });
    const who = await principal();
    await expect(liveCaller(deps, who, 'auditor', 'admin')).resolves.toEqual({ ...who, sessionEpoch: 1n });
    await expect(liveCaller(deps, who, 'service', 'admin')).rejects.toEqual(refusal('forbidden'));
  });

  it('Z-02 refuses the session of another user', async () => {
    const who = await principal();
    const other = await confirmedUser(deps, 'eve@example.org');
    await expect(liveCaller(deps, { ...who, userId: other })).rejects.toEqual(refusal('unauthenticated'));
  });

  it('T-08 refuses the session of a suspended user at once', async () => {
    const who = await principal();
    await applyCommand(deps, userId, { type: 'SuspendUser' });
    await expect(liveCaller(deps, who)).rejects.toEqual(refusal('unauthenticated'));
  });
});

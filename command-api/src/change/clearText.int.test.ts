import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ERASED } from '@ums/contracts/personal';
import {
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  PASSWORD,
  registrationToken,
  requestOrigin,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { confirmChange, requestChange, undoChange } from '../../test/testEmailChanges.js';
import { suspendUser } from '../administration/changeSuspension.js';
import { requestMail } from '../mail-request/requestMail.js';
import { eraseUser } from '../profile/eraseUser.js';
import { updateUser } from '../profile/updateUser.js';
import { loadUser } from '../user/loadUser.js';

const EMAIL = 'canary-address@example.org';
const NEW_EMAIL = 'canary-other-address@example.org';
const NAMES = ['Ada Lovelace', 'Canary Newname'];
const REASON = 'canary reason of a suspension';
const KEY = 'canary idempotency key';

let deps: TestCommands;
let userId: string;
beforeAll(async () => {
  deps = await testCommands();
  await registrationToken(deps, EMAIL, 'the password of another attempt');
  userId = await confirmedUser(deps, EMAIL);
  await updateUser(
    deps,
    { caller: liveCallerOf(userId), name: 'Canary Newname', idempotencyKey: KEY },
    requestOrigin(),
  );
  await confirmChange(deps, await requestChange(deps, userId, NEW_EMAIL));
  await undoChange(deps, await requestChange(deps, userId, EMAIL));
  await requestMail(deps, { email: EMAIL, purpose: 'confirm-registration' }, requestOrigin());
  await suspendUser(
    deps,
    { caller: liveCallerOf(userId), userId, reason: REASON, confirmCaller: confirmCallerAs(userId) },
    requestOrigin(),
  );
});
afterAll(() => deps.close());

describe('appended events', () => {
  it('G-01 contain no address, name, hash, reason, source, key or token in clear, in any common encoding', () => {
    const all = JSON.stringify(deps.eventLog.events, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    const secrets = [
      EMAIL,
      NEW_EMAIL,
      'canary-address',
      'canary-other-address',
      ...NAMES,
      REASON,
      KEY,
      '192.0.2.7',
      'curl/8',
      'hashed:',
      PASSWORD,
    ];
    for (const secret of secrets)
      for (const form of ['utf8', 'hex', 'base64', 'base64url'] as const)
        expect(all).not.toContain(Buffer.from(secret).toString(form).replace(/=+$/, ''));
  });

  it('G-02 read as erased once the key is destroyed, and fold without error', async () => {
    await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
    const { facts, state } = await loadUser(deps, userId);
    expect(facts[0]).toMatchObject({
      type: 'UserRegistered',
      data: { email: ERASED, name: ERASED, passwordHash: ERASED },
    });
    expect(state.status).toBe('erased');
  });
});

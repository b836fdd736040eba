import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addressMacOf, noLimits, requestOrigin, type TestCommands, testCommands } from '../../test/testCommands.js';
import { resendConfirmation } from './resendConfirmation.js';

let deps: TestCommands;
let email: string;
beforeAll(async () => {
  deps = await testCommands();
});
beforeEach(() => {
  email = `${randomUUID()}@example.org`;
});
afterAll(() => deps.close());

const mailRequests = async () =>
  (
    await deps.vault.query<{ expires_at: Date }>('select * from mail_request where address_mac = $1', [
      addressMacOf(deps, email),
    ])
  ).rows;

describe('resendConfirmation', () => {
  it('E-01 stores one mail request and one event for any address, without the address in the log', async () => {
    const start = deps.eventLog.events.length;
    await resendConfirmation(deps, { email }, requestOrigin());
    const [event] = deps.eventLog.events.slice(start);
    expect(event).toMatchObject({ type: 'MailRequested', data: { purpose: 'confirm-registration' } });
    expect(event?.metadata).not.toHaveProperty('source');
    const [request] = await mailRequests();
    expect(request?.expires_at.getTime()).toBe(deps.clock.now().getTime() + 3_600_000);
  });

  it('R-06 stores an expired mail request over the mail limit', async () => {
    await resendConfirmation(
      { ...deps, limits: noLimits(deps.vault, deps.clock, { mailsPerAddress: 0 }) },
      { email },
      requestOrigin(),
    );
    expect((await mailRequests())[0]?.expires_at).toEqual(deps.clock.now());
  });

  it('refuses text that is not an address', async () => {
    await expect(resendConfirmation(deps, { email: 'no address' }, requestOrigin())).rejects.toMatchObject({
      slug: 'validation-failed',
    });
  });
});

import { expect, it } from '@jest/globals';
import { freePort } from './freePort.js';

it('names the setting of an address that is not of this machine', async () => {
  await expect(freePort(8080, '192.0.2.1')).rejects.toThrow(
    'Port 8080 of 192.0.2.1 cannot be used (EADDRNOTAVAIL). HOST must be an address of this machine; without it, 127.0.0.1 is used.',
  );
});

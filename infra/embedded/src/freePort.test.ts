import { expect, it } from '@jest/globals';
import { freePort } from './freePort.js';

it.each(['name.invalid', '192.0.2.1'])(
  'names the setting of an address that is not of this machine: %s',
  async (host) => {
    await expect(freePort(8080, host)).rejects.toThrow(`HOST is ${host}, which is no address of this machine (E`);
  },
);

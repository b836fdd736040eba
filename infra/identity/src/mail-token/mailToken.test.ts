import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { keyId } from '@ums/kit/keyId';
import fc from 'fast-check';
import { addressMac } from '../addressMac.js';
import { mailTokens } from './mailToken.js';

const key = randomBytes(32);
const tokens = mailTokens(key);
const mac = addressMac(createSecretKey(randomBytes(32)), 'ada@example.org');
const content = { purpose: 'confirm' as const, ids: [randomUUID()], expires: new Date('2026-01-02T12:00:00Z') };
const token = tokens.issue({ ...content, addressMac: mac });

describe('a mailed token', () => {
  it('can be read without the key, and is verified for its address', () => {
    expect(tokens.read(token)).toEqual({ ...content, epoch: undefined });
    expect(tokens.verify(token, mac)).toBe(true);
    const withEpoch = { ...content, ids: [randomUUID(), randomUUID(), randomUUID()], epoch: 2n ** 63n - 1n };
    const longest = tokens.issue({ ...withEpoch, addressMac: mac });
    expect(tokens.read(longest)).toEqual(withEpoch);
    expect(tokens.verify(longest, mac)).toBe(true);
    expect(longest.length).toBeLessThanOrEqual(300);
    expect(encodeURIComponent(longest)).toBe(longest);
  });

  it('is derived: equal input gives an equal token, which does not contain the address MAC', () => {
    expect(tokens.issue({ ...content, addressMac: mac })).toBe(token);
    expect(token).not.toContain(mac.toString('base64url').slice(0, 8));
  });

  it('E-04 is invalid for another address, with another key, and with any character changed', () => {
    expect(tokens.verify(token, addressMac(createSecretKey(key), 'eve@example.org'))).toBe(false);
    expect(mailTokens(randomBytes(32)).verify(token, mac)).toBe(false);
    const letters = [...'AZaz09-_.~'];
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...letters), (index, letter) => {
        fc.pre(token[index] !== letter);
        const forged = token.slice(0, index) + letter + token.slice(index + 1);
        expect(tokens.verify(forged, mac)).toBe(false);
      }),
    );
    // The last of 43 base64url characters has two unused bits.
    const mac64 = Buffer.from(token.slice(-43), 'base64url');
    const others = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
      .map((letter) => token.slice(0, -1) + letter)
      .filter((other) => other !== token && Buffer.from(other.slice(-43), 'base64url').equals(mac64));
    expect(others.map((other) => tokens.verify(other, mac))).toEqual([false, false, false]);
  });

  it('stays valid after a key change while the old key is configured', () => {
    const next = mailTokens(randomBytes(32), [key]);
    expect(next.verify(token, mac)).toBe(true);
    expect(tokens.verify(next.issue({ ...content, addressMac: mac }), mac)).toBe(false);
  });

  it.each([
    '',
    'x',
    token.replace('v1', 'v2'),
    token.replace('confirm', 'unknown'),
    `${token}\n`,
    token.slice(0, -1),
    'v1.'.repeat(200),
  ])('refuses %j', (text) => {
    expect(tokens.read(text)).toBeUndefined();
    expect(tokens.verify(text, mac)).toBe(false);
  });
});

describe('addressMac and keyId', () => {
  it('differ for different keys and addresses', () => {
    expect(mac).toHaveLength(32);
    expect(addressMac(createSecretKey(key), 'ada@example.org')).toEqual(
      addressMac(createSecretKey(key), 'ada@example.org'),
    );
    expect(addressMac(createSecretKey(key), 'ada@example.org')).not.toEqual(mac);
    expect(keyId(key)).toMatch(/^[\w-]{8}$/);
    expect(keyId(key)).not.toBe(keyId(randomBytes(32)));
  });
});

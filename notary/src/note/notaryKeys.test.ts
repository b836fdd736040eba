import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { notaryKeys } from './notaryKeys.js';
import { parseNotes, type SignedNote } from './signedNote.js';

const name = 'example.org/log';
const head = { origin: name, size: 20_852_163, root: createHash('sha256').update('a tree').digest() };
const pem = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString();
const noteOf = (text: string): SignedNote => parseNotes(text).at(-1) as SignedNote;

describe('notaryKeys', () => {
  it('signs a checkpoint as a C2SP signed note, which its verifier key verifies', () => {
    const keys = notaryKeys({ name, key: randomBytes(32).toString('base64') });
    const note = keys.signed(head);
    const [text = '', signatureLine = ''] = note.split('\n\n');
    expect(text.split('\n')).toEqual([name, '20852163', head.root.toString('base64')]);
    const [keyName, keyHash, key = ''] =
      keys.verifierKeys[0]?.split('+', 2).concat(keys.verifierKeys[0].split('+').slice(2).join('+')) ?? [];
    const bytes = Buffer.from(key, 'base64');
    expect([keyName, bytes[0], bytes.length]).toEqual([name, 1, 33]);
    const [dash, signer, base64 = ''] = signatureLine.trimEnd().split(' ');
    expect([dash, signer]).toEqual(['—', name]);
    const signature = Buffer.from(base64, 'base64');
    expect(signature.subarray(0, 4).toString('hex')).toBe(keyHash);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    expect(verify(null, Buffer.from(`${text}\n`), publicKey, signature.subarray(4))).toBe(true);
  });

  it('has the key hash of the example of the specification of signed notes', () => {
    // C2SP signed-note, "Verifier keys": the key of the example, under its name.
    const line = 'example.com/foo+530d903a+AWlNkgLqMNUyYVjpdOuS4DPuArbMJYrBFlrZZ2Krh/zR';
    const key = Buffer.from(line.slice(line.lastIndexOf('+') + 1), 'base64');
    const x = key.subarray(1).toString('base64url');
    const object = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const own = randomBytes(32).toString('base64');
    const { verifierKeys } = notaryKeys({ name: 'example.com/foo', key: own, previousKeys: pem(object) });
    expect(verifierKeys[1]?.split('+').slice(2).join('+')).toBe(key.toString('base64'));
    const hash = createHash('sha256').update('example.com/foo\n').update(key).digest('hex').slice(0, 8);
    expect(verifierKeys[1]?.split('+')[1]).toBe(hash);
  });

  it('K-03 accepts and publishes the former key beside the one that signs', () => {
    const former = generateKeyPairSync('ed25519');
    const before = notaryKeys({ name, key: pem(former.privateKey) });
    const after = { name, key: randomBytes(32).toString('base64url') };
    const old = noteOf(before.signed(head));
    const [line = ''] = before.verifierKeys;
    for (const previousKeys of [pem(former.privateKey), pem(former.publicKey), line, `${line}\n`]) {
      const keys = notaryKeys({ ...after, previousKeys });
      expect(keys.verifies(old)).toBe(true);
      expect(keys.verifies(noteOf(keys.signed(head)))).toBe(true);
      expect(keys.verifierKeys).toHaveLength(2);
      expect(keys.verifierKeys[1]).toBe(before.verifierKeys[0]);
    }
    expect(notaryKeys(after).verifies(old)).toBe(false);
    expect(before.verifies(noteOf(notaryKeys(after).signed(head)))).toBe(false);
    expect(notaryKeys({ name, key: after.key, previousKeys: after.key }).verifierKeys).toHaveLength(1);
  });

  it('K-03 accepts and publishes several former keys', () => {
    const [first, second] = [randomBytes(32), randomBytes(32)].map((key) =>
      notaryKeys({ name, key: key.toString('base64') }),
    );
    if (first === undefined || second === undefined) throw new Error('no keys');
    const previousKeys = `${second.verifierKeys[0]}\r\n\n ${first.verifierKeys[0]}\n`;
    const keys = notaryKeys({ name, key: randomBytes(32).toString('base64'), previousKeys });
    for (const former of [first, second]) expect(keys.verifies(noteOf(former.signed(head)))).toBe(true);
    expect(keys.verifierKeys.slice(1)).toEqual([second.verifierKeys[0], first.verifierKeys[0]]);
  });

  it('refuses a note whose text or signature was changed', () => {
    const keys = notaryKeys({ name, key: randomBytes(32).toString('base64') });
    const note = keys.signed(head);
    expect(keys.verifies(noteOf(note))).toBe(true);
    expect(keys.verifies(noteOf(note.replace('20852163', '20852164')))).toBe(false);
    expect(keys.verifies({ ...noteOf(note), signatures: [] })).toBe(false);
    expect(() => keys.signed({ ...head, origin: 'another.example/log' })).toThrow(RangeError);
  });

  it('K-01 refuses other keys and names with one sentence that does not show them', () => {
    const ec = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    const key = randomBytes(32).toString('base64');
    for (const bad of [ec, 'c2hvcnQ=', '-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----']) {
      expect(() => notaryKeys({ name, key: bad })).toThrow(/^NOTARY_KEY must be an Ed25519 key: /);
      expect(() => notaryKeys({ name, key, previousKeys: bad })).toThrow(/^NOTARY_KEY_PREVIOUS must be /);
    }
    const ed25519 = pem(generateKeyPairSync('ed25519').publicKey);
    for (const two of [`${key}\n${key}`, ed25519 + ed25519])
      expect(() => notaryKeys({ name, key, previousKeys: two })).toThrow(/^NOTARY_KEY_PREVIOUS must be /);
    const [line = ''] = notaryKeys({ name, key }).verifierKeys;
    expect(() => notaryKeys({ name, key: line })).toThrow(/^NOTARY_KEY must be /);
    const damaged = line.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect(() => notaryKeys({ name, key, previousKeys: damaged })).toThrow(/^NOTARY_KEY_PREVIOUS must be /);
    for (const bad of ['two words', 'a+b', '']) expect(() => notaryKeys({ name: bad, key })).toThrow(/^NOTARY_ORIGIN/);
  });
});

import { createECDH, createHash, createPrivateKey } from 'node:crypto';

const NAMES = [
  ...['MASTER_KEY', 'ADDRESS_KEY', 'MAIL_TOKEN_KEY', 'PASSWORD_PEPPER', 'REFRESH_TOKEN_KEY'],
  ...['LOG', 'COMMAND', 'PROJECTOR', 'NOTIFIER', 'QUERY'].map((role) => `DATABASE_PASSWORD_${role}`),
];

const derived = (name) => createHash('sha256').update(`recorded folder ${name}`).digest();

/** A key of P-256 with this private number. */
const signingKey = (number) => {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(number);
  const point = ecdh.getPublicKey();
  const [d, x, y] = [number, point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  return createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', d, x, y } });
};

/**
 * The content of `secrets.json` of a recorded data folder. Derived from the names, so that no secret is stored beside the
 * recording.
 */
export const fixtureSecrets = () => ({
  ...Object.fromEntries(NAMES.map((name) => [name, derived(name).toString('base64url')])),
  ACCESS_TOKEN_KEY: signingKey(derived('ACCESS_TOKEN_KEY')).export({ type: 'pkcs8', format: 'pem' }),
});

import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** As Postgres makes them. */
const ITERATIONS = 4_096;
const SALT_BYTES = 16;

/** Characters that SASLprep turns into spaces (RFC 3454 C.1.2), and those that it leaves out (B.1). */
const OTHER_SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
const LEFT_OUT = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/g;

/**
 * What Postgres stores of a password (RFC 5803). A statement with it instead of the password leaves no password in the
 * log of the server, which shows `create role` where `log_statement` is `ddl`, and every statement that fails.
 * @param salt 16 bytes. @default random ones
 */
export const scramVerifier = (password: string, salt: Buffer = randomBytes(SALT_BYTES)): string => {
  const prepared = password.replace(OTHER_SPACES, ' ').replace(LEFT_OUT, '').normalize('NFKC');
  const salted = pbkdf2Sync(prepared, salt, ITERATIONS, 32, 'sha256');
  const keyed = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64');
  const serverKey = keyed('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
};

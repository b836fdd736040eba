import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ConfigFault } from '@ums/kit/env';
import { readConfig } from './config.js';

const key = (): string => randomBytes(32).toString('base64url');
const complete = {
  EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
  DATABASE_URL: 'postgres://notifier@127.0.0.1/users',
  VAULT_DATABASE_URL: 'postgres://notifier@127.0.0.1/vault',
  MASTER_KEY: key(),
  ADDRESS_KEY: key(),
  MAIL_TOKEN_KEY: key(),
  PUBLIC_URL: 'https://users.example.org/',
  S3_BUCKET: 'user-files',
  MAIL_FROM: 'users@example.org',
};

describe('the configuration of the notifier', () => {
  it('E-07 takes the base of links from PUBLIC_URL', () => {
    expect(readConfig(complete)).toMatchObject({ PUBLIC_URL: 'https://users.example.org', SES_ENDPOINT: undefined });
  });

  it('names the application "User management" without APP_NAME', () => {
    expect(readConfig(complete).APP_NAME).toBe('User management');
    expect(readConfig({ ...complete, APP_NAME: 'Example Club' }).APP_NAME).toBe('Example Club');
  });

  it('takes its messages from Kafka if there are brokers', () => {
    expect(readConfig(complete).KAFKA_BROKERS).toBeUndefined();
    expect(readConfig({ ...complete, KAFKA_BROKERS: 'kafka:9092' }).KAFKA_BROKERS).toEqual(['kafka:9092']);
  });

  it.each([
    'users@example.org',
    'User service <no-reply@localhost.localdomain>',
    'Users <no-reply@example.org>',
    '"Doe, Jane" <No-Reply@example.org>',
    'Überall <post@xn--bcher-kva.example>',
    '<users@example.org>',
  ])('takes MAIL_FROM as it is: %s', (MAIL_FROM) => {
    expect(readConfig({ ...complete, MAIL_FROM }).MAIL_FROM).toBe(MAIL_FROM);
  });

  it.each([
    'no at sign',
    '"users@example.org"',
    "'users@example.org'",
    '"Users <users@example.org>"',
    "'Users <users@example.org>'",
    'users@example.org\r\nBcc: x@example.org',
    'Users\r\nBcc: x@example.org <users@example.org>',
    'Users\u2028<users@example.org>',
    'Users <users@example.org',
    'Users users@example.org',
    'Users <>',
    'Users <post@bücher.example>',
    'users@example.org>',
    'a@example.org, b@example.org',
    'A <a@example.org>, B <b@example.org>',
    'Doe, Jane <users@example.org>',
    'Users <users@example.org> now',
    '"Users <users@example.org>',
  ])('K-01 refuses a MAIL_FROM that is no sender, without its value: %j', (MAIL_FROM) => {
    const read = () => readConfig({ ...complete, MAIL_FROM });
    expect(read).toThrow(
      /^The configuration cannot be used:\n {2}MAIL_FROM must be `address` or `name <address>`, the address in ASCII, a name with a comma or another such sign in double quotes$/,
    );
  });

  it('K-01 names all missing variables in one error', () => {
    expect(() => readConfig({})).toThrow(ConfigFault);
    for (const name of Object.keys(complete)) expect(() => readConfig({})).toThrow(name);
  });
});

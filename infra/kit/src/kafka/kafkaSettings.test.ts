import { describe, expect, it } from '@jest/globals';
import { type Environment, parseEnv } from '../env.js';
import { brokerAccess, brokerVariables, kafkaSettings } from './kafkaSettings.js';

const accessOf = (env: Environment) => {
  const { KAFKA_BROKERS = [], ...settings } = parseEnv(kafkaSettings(), { KAFKA_BROKERS: 'kafka:9093', ...env });
  return brokerAccess(KAFKA_BROKERS, settings);
};
const user = { KAFKA_USERNAME: 'projector', KAFKA_PASSWORD: 'password of tests' };

describe('the settings of Kafka', () => {
  it('are plain text without a user by default', () => {
    expect(accessOf({})).toEqual({ brokers: ['kafka:9093'], tls: false, requireTls: false, sasl: undefined });
  });

  it('K-04 say TLS, and a user with a password or a role of IAM', () => {
    const mechanism = 'scram-sha-512';
    expect(accessOf({ KAFKA_TLS: 'true', REQUIRE_TLS: 'true', KAFKA_SASL_MECHANISM: mechanism, ...user })).toEqual({
      ...{ brokers: ['kafka:9093'], tls: { ca: undefined }, requireTls: true },
      sasl: { mechanism, username: 'projector', password: 'password of tests' },
    });
    const iam = { KAFKA_TLS: 'true', KAFKA_SASL_MECHANISM: 'aws-iam', AWS_REGION: 'eu-central-1' };
    expect(accessOf(iam).sasl).toEqual({ mechanism: 'aws-iam', region: 'eu-central-1' });
  });

  it('K-01 are refused when a half is missing, without showing a value', () => {
    for (const [env, fault] of [
      [{ KAFKA_SASL_MECHANISM: 'scram-sha-256', KAFKA_USERNAME: 'projector' }, /KAFKA_PASSWORD must be set/],
      [{ KAFKA_SASL_MECHANISM: 'scram-sha-256', KAFKA_PASSWORD: user.KAFKA_PASSWORD }, /KAFKA_USERNAME and .* be set/],
      [user, /need a KAFKA_SASL_MECHANISM of scram-sha-512 or scram-sha-256/],
      [{ ...user, KAFKA_TLS: 'true', KAFKA_SASL_MECHANISM: 'aws-iam' }, /need a KAFKA_SASL_MECHANISM of scram/],
      [{ KAFKA_SASL_MECHANISM: 'aws-iam' }, /aws-iam needs KAFKA_TLS=true/],
      [{ KAFKA_SASL_MECHANISM: 'plain' }, /KAFKA_SASL_MECHANISM must be one of/],
    ] as const) {
      expect(() => accessOf(env)).toThrow(fault);
      expect(() => accessOf(env)).not.toThrow(user.KAFKA_PASSWORD);
    }
  });

  it('K-04 refuse certificates that would have no effect', () => {
    expect(() => brokerAccess(['kafka:9092'], { KAFKA_CA_FILE: 'PEM' })).toThrow(/KAFKA_CA_FILE has no effect/);
  });

  it('are passed on to a command that takes its brokers from elsewhere', () => {
    const env = { KAFKA_BROKERS: 'kafka:9092', KAFKA_TLS: 'true', KAFKA_PASSWORD_FILE: 'file', REQUIRE_TLS: 'true' };
    expect(brokerVariables({ ...env, HOME: '/root' })).toEqual({
      ...{ KAFKA_TLS: 'true', KAFKA_PASSWORD_FILE: 'file', REQUIRE_TLS: 'true' },
    });
  });
});

import { ConfigFault, type Environment, flag, oneOf, optional, secret, text } from '../env.js';
import { certificates } from '../transport/certificates.js';
import { requireTls } from '../transport/requireTls.js';
import { brokers } from './brokers.js';
import type { BrokerAccess } from './kafkaClient.js';

/** Without a mechanism, a client has no name at the brokers. */
const MECHANISMS = ['scram-sha-512', 'scram-sha-256', 'aws-iam'] as const;

/** How a process reaches the brokers that `KAFKA_BROKERS` names. */
export const brokerSettings = () => ({
  REQUIRE_TLS: requireTls(),
  KAFKA_TLS: flag(false),
  KAFKA_CA_FILE: optional(certificates()),
  KAFKA_SASL_MECHANISM: optional(oneOf(MECHANISMS)),
  KAFKA_USERNAME: optional(text()),
  KAFKA_PASSWORD: optional(secret()),
  /** Of the brokers, for `aws-iam`. */
  AWS_REGION: text('us-east-1'),
});

/** The variables of a process that uses Kafka if there is one. */
export const kafkaSettings = () => ({ KAFKA_BROKERS: optional(brokers()), ...brokerSettings() });

export interface BrokerSettings {
  REQUIRE_TLS?: boolean;
  KAFKA_TLS?: boolean;
  /** Certificates, PEM. */
  KAFKA_CA_FILE?: string | undefined;
  KAFKA_SASL_MECHANISM?: (typeof MECHANISMS)[number] | undefined;
  KAFKA_USERNAME?: string | undefined;
  KAFKA_PASSWORD?: string | undefined;
  AWS_REGION?: string;
}

/** @throws ConfigFault when settings contradict each other, or half of them is missing. */
export const brokerAccess = (brokers: readonly string[], settings: BrokerSettings): BrokerAccess => {
  const { KAFKA_TLS: tls = false, KAFKA_CA_FILE: ca, KAFKA_SASL_MECHANISM: mechanism } = settings;
  const { KAFKA_USERNAME: username, KAFKA_PASSWORD: password, AWS_REGION: region = 'us-east-1' } = settings;
  const faults: string[] = [];
  if (ca !== undefined && !tls) faults.push('KAFKA_CA_FILE has no effect without KAFKA_TLS=true');
  const hasName = username !== undefined && password !== undefined;
  if (mechanism?.startsWith('scram-') && !hasName)
    faults.push('KAFKA_USERNAME and KAFKA_PASSWORD must be set for this KAFKA_SASL_MECHANISM');
  if (!mechanism?.startsWith('scram-') && (username !== undefined || password !== undefined))
    faults.push('KAFKA_USERNAME and KAFKA_PASSWORD need a KAFKA_SASL_MECHANISM of scram-sha-512 or scram-sha-256');
  if (mechanism === 'aws-iam' && !tls) faults.push('KAFKA_SASL_MECHANISM=aws-iam needs KAFKA_TLS=true');
  const scram = mechanism !== 'aws-iam' && mechanism && hasName ? { mechanism, username, password } : undefined;
  if (faults.length > 0) throw new ConfigFault(faults);
  return {
    brokers,
    tls: tls && { ca },
    requireTls: settings.REQUIRE_TLS ?? false,
    sasl: mechanism === 'aws-iam' ? { mechanism, region } : scram,
  };
};

/** Those of the caller's variables that say how to connect, for a command that gets its brokers from elsewhere. */
export const brokerVariables = (env: Environment): Environment =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => /^(KAFKA_(?!BROKERS$)|REQUIRE_TLS$|AWS_REGION$)/.test(name)),
  );

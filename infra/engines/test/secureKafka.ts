import type { TestCertificates } from '../../kit/test/testCertificates.js';
import type { Kafka } from '../src/kafka/startKafka.js';
import { ownKafka } from './engineForTests.js';

export interface SecureKafka {
  kafka: Kafka;
  /** Port of the listener that takes TLS only, and SCRAM-SHA-512 or a token. */
  port: number;
  username: string;
  password: string;
}

const USERNAME = 'writer';
const PASSWORD = 'canary-password-of-writer';

/** As {@link ownKafka}, a broker with a second listener that has the certificate and asks for a password. */
export const secureKafka = async ({ certificate, key }: TestCertificates): Promise<SecureKafka> => {
  const listener = {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.certificate.chain': certificate,
    'ssl.keystore.key': key,
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512,OAUTHBEARER',
    'scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    // It takes only tokens of tests, which a client of a role at AWS does not have.
    'oauthbearer.sasl.jaas.config':
      'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";',
    'oauthbearer.sasl.server.callback.handler.class':
      'org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler',
  };
  const kafka = await ownKafka({
    listeners: [{ name: 'SECURE', protocol: 'SASL_SSL' }],
    scramUsers: { [USERNAME]: PASSWORD },
    properties: Object.fromEntries(
      Object.entries(listener).map(([name, value]) => [`listener.name.secure.${name}`, value]),
    ),
  });
  return { kafka, port: kafka.listenerPort('SECURE'), username: USERNAME, password: PASSWORD };
};

import { API_PREFIX } from '@ums/contracts/routes';
import { Stack } from 'aws-cdk-lib';
import { MxRecord, TxtRecord } from 'aws-cdk-lib/aws-route53';
import {
  type CfnConfigurationSet,
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Keys } from '../keys/keys.js';
import { nameOf, REGION } from '../naming/names.js';
import type { Network } from '../network/networkStack.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';
import { undeliveredNotices } from './undeliveredNotices.js';

/** Where SNS reports bounces and complaints. */
export const INTAKE = `${API_PREFIX}/hooks/ses`;

export interface Mail {
  identityArn: string;
  configurationSetArn: string;
  /** Topic of SNS to which SES reports bounces and complaints. */
  feedbackTopicArn: string;
}

/**
 * SES: the domain with DKIM, SPF and DMARC, and a configuration set that reports bounces and complaints to the service. The
 * identity uses the set for every mail, so the services need not name it.
 */
export const mailStack = (
  scope: Construct,
  environment: EnvironmentName,
  { domain }: EnvironmentSize,
  { network: { zone }, keys }: { network: Network; keys: Keys },
): Mail => {
  const stack = new Stack(scope, 'mail', { stackName: nameOf(environment, 'mail') });
  const set = new ConfigurationSet(stack, 'set', {
    configurationSetName: nameOf(environment, 'mail'),
    tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    reputationMetrics: true,
    suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
  });
  // DKIM: three CNAME records, whose keys SES replaces by itself.
  const identity = new EmailIdentity(stack, 'identity', {
    identity: Identity.publicHostedZone(zone),
    configurationSet: set,
    mailFromDomain: `bounce.${domain}`,
  });
  // SPF is checked for the domain of the envelope, which is that of `mailFromDomain`; nobody sends as the domain itself.
  new MxRecord(stack, 'bounce-mx', {
    zone,
    recordName: 'bounce',
    values: [{ priority: 10, hostName: `feedback-smtp.${REGION}.amazonses.com` }],
  });
  new TxtRecord(stack, 'bounce-spf', { zone, recordName: 'bounce', values: ['v=spf1 include:amazonses.com -all'] });
  new TxtRecord(stack, 'spf', { zone, values: ['v=spf1 -all'] });
  new TxtRecord(stack, 'dmarc', {
    zone,
    recordName: '_dmarc',
    values: ['v=DMARC1; p=reject; adkim=s; aspf=r'],
  });
  const topic = new Topic(stack, 'bounces', {
    topicName: nameOf(environment, 'bounces'),
    masterKey: keys.topics,
    enforceSSL: true,
  });
  set.addEventDestination('bounces', {
    destination: EventDestination.snsTopic(topic),
    events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT],
  });
  new Subscription(stack, 'intake', {
    topic,
    protocol: SubscriptionProtocol.HTTPS,
    endpoint: `https://${domain}${INTAKE}`,
    deadLetterQueue: undeliveredNotices(stack, keys),
  });
  return {
    identityArn: identity.emailIdentityArn,
    feedbackTopicArn: topic.topicArn,
    configurationSetArn: stack.formatArn({
      service: 'ses',
      resource: 'configuration-set',
      resourceName: (set.node.defaultChild as CfnConfigurationSet).ref,
    }),
  };
};

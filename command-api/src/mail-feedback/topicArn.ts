import { type Reader, reader } from '@ums/kit/env';
import { InvalidSetting } from '@ums/kit/invalidSetting';

/** A topic of SNS, and where its notices are signed. */
export interface Topic {
  arn: string;
  /** The host of SNS in the region of the topic: its certificates and confirmations are there and nowhere else. */
  host: string;
}

const ARN = /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2}(?:-[a-z]+)+-\d):\d{12}:[\w-]{1,256}$/;

/** `SES_FEEDBACK_TOPIC_ARN`: the topic of SNS that SES reports bounces and complaints to. */
export const topicArn = (): Reader<Topic> =>
  reader((arn) => {
    const [, partition, region] = ARN.exec(arn) ?? [];
    if (region === undefined) throw new InvalidSetting('must be the ARN of a topic of SNS');
    return { arn, host: `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}` };
  }, undefined);

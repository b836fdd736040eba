import type { SnsNotice } from '@ums/contracts/http/mailFeedback';

const OF_NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;
const OF_SUBSCRIPTION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const;

/**
 * The text that SNS signs: names and values of some fields, each on a line, in the order of the alphabet. A field that the
 * notice does not have is left out. Source: "Verifying the signatures of Amazon SNS messages" in the guide of SNS.
 */
export const signedText = (notice: SnsNotice): string => {
  const names = notice.Type === 'Notification' ? OF_NOTIFICATION : OF_SUBSCRIPTION;
  return names
    .filter((name) => notice[name] !== undefined)
    .map((name) => `${name}\n${notice[name]}\n`)
    .join('');
};

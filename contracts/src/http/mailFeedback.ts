/**
 * A notice of Amazon SNS, as it posts it: JSON with the media type `text/plain`. Fields that are not listed are ignored.
 * @example {"Type": "Notification", "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", "TopicArn": "arn:aws:sns:us-east-1:111122223333:ums-bounces", "Message": "{\"eventType\":\"Bounce\"}", "Timestamp": "2026-01-03T12:00:00.000Z", "SignatureVersion": "1", "Signature": "EXAMPLE", "SigningCertURL": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem"}
 */
export interface SnsNotice {
  /** `Notification`, `SubscriptionConfirmation` or `UnsubscribeConfirmation`. */
  Type: string;
  /** @format uuid */
  MessageId: string;
  TopicArn: string;
  /** JSON of SES in a notification. */
  Message: string;
  Subject?: string;
  /** ISO 8601 in UTC. */
  Timestamp: string;
  SignatureVersion: string;
  /** Base64. */
  Signature: string;
  /** Of the certificate that the signature is verified with. Must be at the host of SNS. */
  SigningCertURL: string;
  Token?: string;
  /** Confirms the subscription. Must be at the host of SNS. */
  SubscribeURL?: string;
  [name: string]: unknown;
}

/**
 * What became of a notice. `recorded`: a mail came back, and its address gets none any more. `ignored`: it was known, or is of a
 * kind that changes nothing.
 * @example {"status": "recorded"}
 */
export interface NoticeTaken {
  status: 'recorded' | 'subscribed' | 'ignored';
}

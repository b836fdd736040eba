import type { RequestOptions } from '../../kit/test/ask.js';

/** The topic that the services of these tests trust. */
export const FEEDBACK_TOPIC = 'arn:aws:sns:us-east-1:111122223333:ums-bounces';

/** A notice as SNS posts it. @param body of the notice */
export const asNotice = (body: object): RequestOptions => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'text/plain; charset=UTF-8' },
});

/** A notice for the topic that nobody has signed. Its certificate is at a host that is never asked. */
export const forgedNotice = (message = '{}'): RequestOptions =>
  asNotice({
    ...{ Type: 'Notification', MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324', TopicArn: FEEDBACK_TOPIC },
    ...{ Message: message, Timestamp: new Date().toISOString(), SignatureVersion: '2', Signature: 'AAAA' },
    SigningCertURL: 'https://sns.example.net/SimpleNotificationService-0.pem',
  });

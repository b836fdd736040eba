import { describe, expect, it } from '@jest/globals';
import { mailFeedback } from './mailFeedback.js';

const mail = { destination: ['Ada@Example.org'] };
const bounce = { bounceType: 'Permanent', feedbackId: 'f1', bouncedRecipients: [{ emailAddress: 'x@example.net' }] };
const read = (report: object) => mailFeedback(JSON.stringify(report));

describe('F-26 a report of SES', () => {
  it.each(['eventType', 'notificationType'])('names the address that was mailed, with %s', (name) => {
    expect(read({ [name]: 'Bounce', mail, bounce })).toEqual({
      kind: 'bounce',
      feedbackId: 'f1',
      email: 'ada@example.org',
    });
    expect(read({ [name]: 'Complaint', mail, complaint: { feedbackId: 'f2' } })).toEqual({
      ...{ kind: 'complaint', feedbackId: 'f2', email: 'ada@example.org' },
    });
  });

  it.each(['abuse', 'fraud', 'virus', 'other', undefined])('is a complaint of type %s', (complaintFeedbackType) => {
    const complaint = { complaintFeedbackType, feedbackId: 'f2' };
    expect(read({ eventType: 'Complaint', mail, complaint })).toMatchObject({ kind: 'complaint' });
  });

  it.each(['Transient', 'Undetermined', undefined])(
    'is about nothing lasting for a bounce of type %s',
    (bounceType) => {
      expect(read({ eventType: 'Bounce', mail, bounce: { ...bounce, bounceType } })).toEqual({
        kind: 'transient-bounce',
      });
    },
  );

  it.each([
    ['a delivery', { eventType: 'Delivery', mail }],
    ['no recipient', { eventType: 'Bounce', mail: { destination: [] }, bounce }],
    ['two recipients', { eventType: 'Bounce', mail: { destination: ['a@example.org', 'b@example.org'] }, bounce }],
    ['no address', { eventType: 'Bounce', mail: { destination: ['ada'] }, bounce }],
    ['no mail', { eventType: 'Bounce', bounce }],
    ['no id', { eventType: 'Bounce', mail, bounce: { bounceType: 'Permanent' } }],
    ['an endless id', { eventType: 'Bounce', mail, bounce: { ...bounce, feedbackId: 'f'.repeat(201) } }],
    ['an empty id', { eventType: 'Bounce', mail, bounce: { ...bounce, feedbackId: '' } }],
    ['half a character in the id', { eventType: 'Bounce', mail, bounce: { ...bounce, feedbackId: 'f\ud800' } }],
    [
      'a mail that is no spam',
      { eventType: 'Complaint', mail, complaint: { complaintFeedbackType: 'not-spam', feedbackId: 'f2' } },
    ],
    [
      'a failed authentication',
      { eventType: 'Complaint', mail, complaint: { complaintFeedbackType: 'auth-failure', feedbackId: 'f2' } },
    ],
    ['no object', []],
  ])('is of another kind with %s', (_, report) => {
    expect(read(report)).toEqual({ kind: 'other' });
  });

  it('is of another kind when it is plain words', () => {
    expect(mailFeedback('Successfully validated SNS topic for Amazon SES event publishing.')).toEqual({
      kind: 'other',
    });
    expect(mailFeedback('null')).toEqual({ kind: 'other' });
  });
});

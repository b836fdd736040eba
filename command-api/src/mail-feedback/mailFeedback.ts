import { canonicalAddress } from '@ums/contracts/address';
import type { MailBlockKind } from '@ums/contracts/events/mailBounced';

/** What SES reports about a mail. */
export type MailFeedback =
  | {
      kind: MailBlockKind;
      /** SES's id of the report: the same in every copy of it. */
      feedbackId: string;
      /** Canonical (E-08). */
      email: string;
    }
  /** The mail may arrive yet, or another one may. */
  | { kind: 'transient-bounce' }
  /** A report of another kind, or about something that we did not send. */
  | { kind: 'other' };

const OTHER: MailFeedback = { kind: 'other' };
/** SES has digits, letters and hyphens. Others, such as half a surrogate pair, would fail where an id is made of it. */
const ID = /^[\x21-\x7e]{1,200}$/;

/**
 * Reads a report of SES: an event of a configuration set, or a notification of an identity, which differ in one name. The
 * address is that of the envelope, not the one in the report, which may name where the mail was forwarded to. Every mail of
 * ours has one recipient. Never throws: a report that cannot be read is of another kind.
 */
export const mailFeedback = (message: string): MailFeedback => {
  const report = parsed(message);
  const { bounceType, complaintFeedbackType, feedbackId } = fieldsOf(report.bounce ?? report.complaint);
  const kind = kindOf(report.eventType ?? report.notificationType, { bounceType, complaintFeedbackType });
  if (kind === 'transient-bounce' || kind === undefined) return kind === undefined ? OTHER : { kind };
  const { destination } = fieldsOf(report.mail);
  const [to, ...others] = Array.isArray(destination) ? destination : [];
  const email = typeof to === 'string' && others.length === 0 ? canonicalAddress(to) : undefined;
  if (email === undefined || !isId(feedbackId)) return OTHER;
  return { kind, feedbackId, email };
};

/**
 * Feedback that SES reports as a complaint, and is none: the recipient has taken the mail out of the spam folder, or a mail server tells
 * of a failed authentication (the types are those of RFC 5965 and RFC 6591).
 */
const NO_COMPLAINTS: readonly unknown[] = ['not-spam', 'auth-failure'];

const kindOf = (
  type: unknown,
  { bounceType, complaintFeedbackType }: { bounceType: unknown; complaintFeedbackType: unknown },
): MailBlockKind | 'transient-bounce' | undefined => {
  if (type === 'Complaint') return NO_COMPLAINTS.includes(complaintFeedbackType) ? undefined : 'complaint';
  if (type !== 'Bounce') return undefined;
  // `Undetermined` may be anything, such as an answer of a holiday. It must not end the mails to a person.
  return bounceType === 'Permanent' ? 'bounce' : 'transient-bounce';
};

const isId = (id: unknown): id is string => typeof id === 'string' && ID.test(id);

const parsed = (text: string): Record<string, unknown> => {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    // SNS tells a new topic in plain words that it was made.
    return {};
  }
};

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

import type { NoticeTaken, SnsNotice } from '@ums/contracts/http/mailFeedback';
import { Refused } from '@ums/kit/refused';
import type { FactDeps } from '../account/factDeps.js';
import type { CountFeedback } from './countFeedback.js';
import type { FetchText } from './fetchText.js';
import { isProven } from './isProven.js';
import { mailFeedback } from './mailFeedback.js';
import { recordBounce } from './recordBounce.js';
import type { SigningKeys } from './signingKeys.js';
import { isSnsUrl } from './snsUrl.js';
import type { Topic } from './topicArn.js';

export interface FeedbackDeps extends FactDeps {
  /** Without a topic the route does not exist. */
  feedbackTopic: Topic | undefined;
  signingKeys: SigningKeys;
  fetchText: FetchText;
  countFeedback: CountFeedback;
}

/**
 * Takes a notice of SNS: confirms the subscription of our topic, or records what SES reports. A notice that was taken before has
 * no effect.
 *
 * @param requestId UUID of the request.
 * @throws Refused `not-found` without a topic, `notice-not-proven`, `busy`; LogUnavailable, DependencyUnavailable. SNS
 * repeats a notice that was answered with 503 or 429.
 */
export const receiveNotice = async (deps: FeedbackDeps, notice: SnsNotice, requestId: string): Promise<NoticeTaken> => {
  const { feedbackTopic: topic, signingKeys, clock } = deps;
  if (topic === undefined) throw new Refused('not-found');
  if (!(await isProven({ topic, signingKeys, clock }, notice))) throw new Refused('notice-not-proven');
  if (notice.Type === 'SubscriptionConfirmation') return confirmSubscription(deps, topic, notice);
  if (notice.Type !== 'Notification') return { status: 'ignored' };
  const feedback = mailFeedback(notice.Message);
  if (feedback.kind === 'other' || feedback.kind === 'transient-bounce') {
    deps.countFeedback(feedback.kind);
    return { status: 'ignored' };
  }
  const recorded = await recordBounce(deps, { ...feedback, at: new Date(notice.Timestamp) }, { id: requestId });
  // A copy of a report is no second bounce.
  if (recorded !== 'known') deps.countFeedback(feedback.kind);
  deps.log.info('mail came back', { type: feedback.kind, outcome: recorded });
  return { status: recorded === 'recorded' ? 'recorded' : 'ignored' };
};

const confirmSubscription = async (
  { fetchText, log }: FeedbackDeps,
  { host }: Topic,
  { SubscribeURL: url = '' }: SnsNotice,
): Promise<NoticeTaken> => {
  if (!isSnsUrl(url, host) || (await fetchText(url)) === undefined) throw new Refused('notice-not-proven');
  log.info('subscription to reports of the mail provider confirmed');
  return { status: 'subscribed' };
};

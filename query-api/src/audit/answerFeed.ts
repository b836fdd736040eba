import type { AuditEventPage } from '@ums/contracts/http/auditEvents';
import { principalOf } from '@ums/identity/principal';
import { closeWhenLost } from '@ums/kit/http/connection/closeWhenLost';
import { acceptedType } from '@ums/kit/http/request/acceptedType';
import { responseOf } from '@ums/kit/http/request/responseOf';
import { invalid, Refused } from '@ums/kit/refused';
import type { Request } from 'express';
import { confirmToken } from '../authorization/confirmToken.js';
import { readConsistently } from '../consistency/readConsistently.js';
import type { AuditDeps } from './auditDeps.js';
import type { AuditFilter } from './auditFilter.js';
import type { AuditRequest } from './auditStatement.js';
import { EVENT_FORMATS } from './eventFormats.js';
import { readAuditPage } from './readAuditPage.js';
import { recordFeedRead } from './recordFeedRead.js';
import { streamEvents } from './streamEvents.js';

/** What a request asks of the feed. */
export interface AskedFeed extends Pick<AuditRequest, 'order' | 'after'> {
  filter: AuditFilter;
  limit: number | undefined;
  consistencyToken: string | undefined;
}

const PAGE = { limit: 50, lookAt: 1_000 };
/** Of a stream: larger, because nobody waits for one of its pages, but not so large that other requests wait for one. */
const STREAM_PAGE = { limit: 100, lookAt: 5_000 };
const JSON_TYPE = 'application/json';
const MEDIA_TYPES = [JSON_TYPE, ...Object.keys(EVENT_FORMATS)];

/**
 * Answers with a page of the feed, or sends all of it in the form that `Accept` names. Either is recorded before.
 *
 * @returns the page; `undefined` once everything was sent.
 * @throws Refused `not-acceptable`, `busy`, `validation-failed`, `not-yet-visible`; `unauthenticated` when the access token is
 * revoked on the way; DependencyUnavailable, LogUnavailable.
 */
export const answerFeed = async (
  deps: AuditDeps,
  request: Request,
  feed: AskedFeed,
): Promise<AuditEventPage | undefined> => {
  const asked = { ...feed, onlyWhole: isOnlyWhole(feed) };
  request.res?.vary('Accept');
  const type = acceptedType(request, MEDIA_TYPES);
  if (type === undefined) throw new Refused('not-acceptable');
  if (type === JSON_TYPE) {
    await recordFeedRead(deps, request, asked.filter);
    return readPage(deps, asked, { ...PAGE, ...(asked.limit !== undefined && { limit: asked.limit }) });
  }
  await stream(deps, request, asked, EVENT_FORMATS[type as keyof typeof EVENT_FORMATS]);
  return undefined;
};

/**
 * Oldest first, a client goes on behind the last position that it has seen. A consistency token asks for one event, which may be
 * newer than what is whole.
 */
const isOnlyWhole = ({ order, consistencyToken = '' }: AskedFeed): boolean =>
  order === 'asc' && consistencyToken === '';

const stream = async (
  deps: AuditDeps,
  request: Request,
  asked: AskedFeed & Pick<AuditRequest, 'onlyWhole'>,
  format: Parameters<typeof streamEvents>[1],
): Promise<void> => {
  const response = responseOf(request);
  if (asked.limit !== undefined) throw invalid('limit', 'must not be sent for a stream, which has no pages');
  if (request.method === 'HEAD') return void response.set('Content-Type', format.contentType).end();
  const slot = deps.auditStreams.take(principalOf(request).userId);
  try {
    await recordFeedRead(deps, request, asked.filter);
    closeWhenLost(response, slot.lost);
    await streamEvents(response, format, async (next) => {
      if (next === undefined) return readPage(deps, asked, STREAM_PAGE);
      await confirmToken(deps, request);
      return readPage(deps, { ...asked, after: next, consistencyToken: undefined }, STREAM_PAGE);
    });
  } finally {
    slot.free();
  }
};

const readPage = (
  { readFeed, auditWatch }: AuditDeps,
  { filter, consistencyToken, ...asked }: AskedFeed & Pick<AuditRequest, 'onlyWhole'>,
  size: Pick<AuditRequest, 'limit' | 'lookAt'>,
): Promise<AuditEventPage> =>
  readConsistently(consistencyToken, auditWatch, () => readAuditPage(readFeed, { ...asked, ...size }, filter));

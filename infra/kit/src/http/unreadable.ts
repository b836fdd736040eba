import type { FieldError } from '@ums/contracts/http/problem';
import { Refused } from '../refused.js';

const SLUGS: Readonly<Record<string, string>> = {
  'entity.too.large': 'body-too-large',
  'parameters.too.many': 'body-too-large',
  'encoding.unsupported': 'media-type-unsupported',
  'charset.unsupported': 'media-type-unsupported',
};

const NO_OBJECT: FieldError = { field: 'body', message: 'must be a JSON object' };

/** The refusal that an error of the body parser or router means: express marks those with a 4xx `status`. */
export const unreadable = (error: unknown): Refused | undefined => {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  if (error instanceof URIError) return new Refused('not-found');
  const type = 'type' in error && typeof error.type === 'string' ? error.type : undefined;
  if (type === undefined) return undefined;
  const slug = SLUGS[type];
  return slug === undefined ? new Refused('body-unreadable', { errors: [NO_OBJECT] }) : new Refused(slug);
};

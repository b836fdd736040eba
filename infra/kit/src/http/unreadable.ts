import { Refused } from '../refused.js';

const SLUGS: Readonly<Record<string, string>> = {
  'entity.too.large': 'body-too-large',
  'parameters.too.many': 'body-too-large',
  'encoding.unsupported': 'media-type-unsupported',
  'charset.unsupported': 'media-type-unsupported',
};

/** The refusal that an error of the body parser or router means: express marks those with a 4xx `status`. */
export const unreadable = (error: unknown): Refused | undefined => {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  if (error instanceof URIError) return new Refused('not-found');
  const type = 'type' in error && typeof error.type === 'string' ? error.type : undefined;
  return type === undefined ? undefined : new Refused(SLUGS[type] ?? 'body-unreadable');
};

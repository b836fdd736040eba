import type { RequestHandler } from 'express';

const UUID_SEGMENT = /(?<=\/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\/|$)/gi;

/** UUIDs in paths are accepted in upper case and compared in lower case (RFC 9562 §4). */
export const lowerCasePathIds: RequestHandler = (request, _response, next) => {
  const [path = '', ...query] = request.url.split('?');
  const lower = path.replace(UUID_SEGMENT, (id) => id.toLowerCase());
  if (lower !== path) request.url = [lower, ...query].join('?');
  next();
};

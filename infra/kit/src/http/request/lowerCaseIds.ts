import type { RequestHandler } from 'express';

const UUID_SEGMENT = /(?<=\/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\/|$)/gi;
const UUID_VALUE = /(?<==)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=&|$)/gi;

const lowerCase = (id: string): string => id.toLowerCase();

/** UUIDs in paths and as values of the query are accepted in upper case and compared in lower case (RFC 9562 §4). */
export const lowerCaseIds: RequestHandler = (request, _response, next) => {
  const [path = '', ...query] = request.url.split('?');
  const lower = [path.replace(UUID_SEGMENT, lowerCase), ...query.map((part) => part.replace(UUID_VALUE, lowerCase))];
  const url = lower.join('?');
  if (url !== request.url) request.url = url;
  next();
};

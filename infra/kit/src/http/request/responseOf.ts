import type { Request, Response } from 'express';

/** The response to a request, for what sends it piece by piece. @throws Error outside Express, which sets it on every request */
export const responseOf = ({ res }: Request): Response => {
  if (res === undefined) throw new Error('the request has no response');
  return res;
};

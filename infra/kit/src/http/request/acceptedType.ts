import type { Request } from 'express';

/** A parameter of a media range, but not its weight. */
const PARAMETER = /;[ \t]*(?!q[ \t]*=)[\w!#$%&'*+.^`|~-]+[ \t]*=[ \t]*(?:"(?:[^"\\]|\\.)*"|[\w!#$%&'*+.^`|~-]*)/gi;

/**
 * The type of these that the client prefers, the first of those that it likes alike; `undefined` if it accepts none. Parameters
 * such as `charset=utf-8` count for nothing (RFC 9110 §12.5.1): the framework would take them for another type.
 */
export const acceptedType = <Type extends string>(request: Request, types: readonly Type[]): Type | undefined => {
  const headers = { ...request.headers, accept: request.headers.accept?.replace(PARAMETER, '') };
  const accepted = Object.create(request, { headers: { value: headers } }).accepts([...types]);
  return accepted === false ? undefined : accepted;
};

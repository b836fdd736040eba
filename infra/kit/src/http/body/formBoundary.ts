/**
 * Every visible ASCII character but those that end the parameter. Clients send characters such as `/` without quotes too. A longer
 * boundary than the standard allows would be searched for again in each chunk of a body.
 */
const BOUNDARY = /;[ \t]*boundary=(?:"([ !#-[\]-~]{1,70})"|([!#-:<-[\]-~]{1,70}))[ \t]*(?:;|$)/i;

const NAMES = /;[ \t]*boundary[ \t]*=/gi;

/**
 * The boundary that a type `multipart/form-data` names (RFC 2046 §5.1.1), quoted or not; `undefined` if it names none, one
 * of more than 70 characters, or more than one, of which a proxy may take another.
 */
export const formBoundary = (contentType: string): string | undefined => {
  if ((contentType.match(NAMES)?.length ?? 0) > 1) return undefined;
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  return quoted ?? plain;
};

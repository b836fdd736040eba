/** Every visible ASCII character but those that end the parameter. Clients send characters such as `/` without quotes too. */
const BOUNDARY = /;[ \t]*boundary=(?:"([ !#-[\]-~]+)"|([!#-:<-[\]-~]+))[ \t]*(?:;|$)/i;

/** The boundary that a type `multipart/form-data` names (RFC 2046 §5.1.1), quoted or not. */
export const formBoundary = (contentType: string): string | undefined => {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  return quoted ?? plain;
};

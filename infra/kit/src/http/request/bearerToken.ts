const BEARER = /^Bearer +(\S.*)$/i;

/**
 * The token of an Authorization header of the Bearer scheme, which one or more spaces follow (RFC 9110 §11.4); `undefined`
 * when the header is absent, empty or of another scheme. The token is not checked.
 */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  BEARER.exec(authorization ?? '')?.[1];

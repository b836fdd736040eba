/** The token of an Authorization header of the Bearer scheme (RFC 6750 §2.1); '' when there is none. */
export const bearerOf = (authorization: string | undefined): string =>
  /^Bearer ([A-Za-z0-9._~+/-]{1,1000}=*)$/i.exec(authorization ?? '')?.[1] ?? '';

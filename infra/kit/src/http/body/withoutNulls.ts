/**
 * A JSON body without the fields that are `null`. Clients that are generated for Java, with the mapper of Spring, write `null` for each
 * field that is not set, and no field of a request can be `null`.
 */
export const withoutNulls = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
};

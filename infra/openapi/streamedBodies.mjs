/** A line of each media type that a client may ask for instead of JSON. */
const EXAMPLES = {
  'application/x-ndjson': (event) => `${JSON.stringify(event)}\n`,
  'text/csv': ({ actor, ...event }) => {
    const { at, correlationId, grantId, ...first } = event;
    const flat = { ...first, actorKind: actor.kind, actorId: actor.id, at, correlationId, grantId };
    return `${Object.keys(flat)}\r\n${Object.values(flat)}\r\n`;
  },
};

/**
 * Adds the media types that an operation names in `x-streams` to its success: the items of its pages, one line each. tsoa gives
 * every media type of an answer the same schema.
 * @throws Error for a media type without an example, or an operation without a page that has an example
 */
export const withStreams = ({ 'x-streams': types, ...operation }, schemas) => {
  if (types === undefined) return operation;
  const { 200: success } = operation.responses;
  const name = success?.content?.['application/json']?.schema.$ref?.split('/').at(-1);
  const [item] = schemas[name]?.example?.items ?? [];
  if (item === undefined) throw new Error(`${operation.operationId} streams, but has no page with an example`);
  const streams = types.map((type) => {
    if (!(type in EXAMPLES)) throw new Error(`${operation.operationId} streams ${type}, which has no example`);
    return [type, { schema: { type: 'string' }, example: EXAMPLES[type](item) }];
  });
  const content = { ...success.content, ...Object.fromEntries(streams) };
  return { ...operation, responses: { ...operation.responses, 200: { ...success, content } } };
};

/** Follows references within the document. */
const resolve = (document, node) =>
  node?.$ref === undefined
    ? node
    : resolve(
        document,
        node.$ref
          .replace(/^#\//, '')
          .split('/')
          .reduce((parent, name) => parent?.[name], document),
      );

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON Merge Patch (RFC 7396) without removal: how AsyncAPI applies traits. */
const merged = (target, patch) => {
  if (!isObject(target) || !isObject(patch)) return patch;
  const names = new Set([...Object.keys(target), ...Object.keys(patch)]);
  const memberOf = (name) => {
    if (!Object.hasOwn(patch, name)) return target[name];
    return Object.hasOwn(target, name) ? merged(target[name], patch[name]) : patch[name];
  };
  return Object.fromEntries([...names].map((name) => [name, memberOf(name)]));
};

const messageOf = (document, reference) => {
  const { traits = [], ...own } = resolve(document, reference);
  const message = merged(
    traits.map((trait) => resolve(document, trait)).reduce((all, trait) => merged(all, trait), {}),
    own,
  );
  const { name, title, description, contentType = document.defaultContentType, headers, payload, examples } = message;
  return [name, { title, description, contentType, headers, payload, examples, key: message.bindings?.kafka?.key }];
};

/**
 * The topics of an AsyncAPI 3 document by name, with references and traits applied: partitions, settings, promises, and
 * messages by type.
 */
export const topicsOf = (document) =>
  Object.fromEntries(
    Object.values(document.channels).map((channel) => {
      const { partitions, topicConfiguration: config } = channel.bindings.kafka;
      const messages = Object.values(channel.messages).map((message) => messageOf(document, message));
      const { title, description, 'x-promises': promises } = channel;
      return [
        channel.address,
        { title, description, partitions, config, promises, messages: Object.fromEntries(messages) },
      ];
    }),
  );

const PREFIX = Buffer.from('$$');
const [DOLLAR] = PREFIX;

/** The stream `$$s` whose last event is the metadata of the stream `s`. */
export const metadataStreamOf = (stream: Buffer): Buffer => Buffer.concat([PREFIX, stream]);

/**
 * The stream whose metadata a stream holds; undefined when it holds none. A name that begins with an odd number of pairs
 * `$$` is a metadata stream. So each stream either has metadata or is metadata, and `$$$$s` is not the metadata of `$$s`.
 */
export const describedStream = (stream: Buffer): Buffer | undefined => {
  let isMetadata = false;
  for (let at = 0; stream[at] === DOLLAR && stream[at + 1] === DOLLAR; at += 2) isMetadata = !isMetadata;
  return isMetadata ? stream.subarray(PREFIX.length) : undefined;
};

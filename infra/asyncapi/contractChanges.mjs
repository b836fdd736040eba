import { isDeepStrictEqual } from 'node:util';
import { isSameSchema, schemaChanges } from './schemaChanges.mjs';
import { topicsOf } from './topicsOf.mjs';

const breaking = (text) => ({ breaking: [text], compatible: [] });
const compatible = (text) => ({ breaking: [], compatible: [text] });
const unchanged = { breaking: [], compatible: [] };

const joined = (changes) => ({
  breaking: changes.flatMap((one) => one.breaking),
  compatible: changes.flatMap((one) => one.compatible),
});

/** Compares two tables by name: entries may be added, entries of both are compared, and none may be removed. */
const tables = (released, current, at, compare) =>
  joined([
    ...Object.keys(released).map((name) =>
      Object.hasOwn(current, name)
        ? compare(released[name], current[name], `${at}${name}`)
        : breaking(`${at}${name}: removed`),
    ),
    ...Object.keys(current)
      .filter((name) => !Object.hasOwn(released, name))
      .map((name) => compatible(`${at}${name}: added`)),
  ]);

const same = (released, current, at) =>
  isDeepStrictEqual(released, current)
    ? unchanged
    : breaking(`${at}: ${JSON.stringify(released)} -> ${JSON.stringify(current)}`);

/** `-1` is no limit. */
const limit = (value) => (value === -1 ? Number.POSITIVE_INFINITY : value);
const mayGrow = (released, current) => limit(current) >= limit(released);
const mayShrink = (released, current) => limit(current) <= limit(released);

/** What keeps records for longer, or removes superseded ones sooner, breaks no consumer. All other settings stay as released. */
const SETTINGS = {
  ...{ 'retention.ms': mayGrow, 'retention.bytes': mayGrow, 'delete.retention.ms': mayGrow },
  ...{ 'min.compaction.lag.ms': mayGrow, 'max.compaction.lag.ms': mayShrink, 'segment.ms': mayShrink },
};

const settings = (released, current, topic) =>
  joined(
    [...new Set([...Object.keys(released), ...Object.keys(current)])].map((name) => {
      const [before, after] = [released[name], current[name]];
      if (isDeepStrictEqual(before, after)) return unchanged;
      const text = `${topic}: ${name}: ${JSON.stringify(before) ?? 'not set'} -> ${JSON.stringify(after) ?? 'not set'}`;
      // A setting that is not set has the value of the broker, which is not known here.
      const isAllowed = before !== undefined && after !== undefined && SETTINGS[name]?.(before, after);
      return isAllowed ? compatible(text) : breaking(text);
    }),
  );

const messages = (released, current, at) =>
  joined([
    same(released.contentType, current.contentType, `${at}: content type`),
    isSameSchema(released.key, current.key) ? unchanged : breaking(`${at}: the key has another form`),
    schemaChanges(released.headers, current.headers, `${at}: headers`),
    schemaChanges(released.payload, current.payload, `${at}: value`),
  ]);

const topics = (released, current, topic) =>
  joined([
    // More partitions move users to other partitions, which breaks the order of their records.
    same(released.partitions, current.partitions, `${topic}: partitions`),
    settings(released.config, current.config, topic),
    tables(released.promises, current.promises, `${topic}: promise `, same),
    tables(released.messages, current.messages, `${topic}: `, messages),
  ]);

/**
 * Compares the AsyncAPI document with the released one, from the side of a consumer that was written for the released one.
 *
 * @returns `breaking`: what such a consumer may fail on; `compatible`: all other changes
 */
export const contractChanges = (released, current) => tables(topicsOf(released), topicsOf(current), '', topics);

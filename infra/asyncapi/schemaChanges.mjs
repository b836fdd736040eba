import { isDeepStrictEqual } from 'node:util';

/** Keywords that constrain no value and say nothing about its meaning. */
const ANNOTATIONS = ['$schema', '$id', '$comment', 'title', 'examples', 'deprecated'];
const MINIMA = ['minLength', 'minItems', 'minProperties', 'minimum', 'exclusiveMinimum'];
const MAXIMA = ['maxLength', 'maxItems', 'maxProperties', 'maximum', 'exclusiveMaximum'];

/**
 * Compares the schema of what a producer sends with the released one: each value that the new schema allows must be one that
 * the released schema allows, since consumers were written for that. Objects are open, so properties may be added.
 *
 * @param at where the schema is in the document, for the texts
 * @returns changes that consumers need not notice, and changes that break them
 */
export const schemaChanges = (released, current, at) => {
  const changes = { breaking: [], compatible: [] };
  const names = new Set([...Object.keys(released), ...Object.keys(current)]);
  if (names.has('enum')) names.add('const');
  if (names.has('const')) names.delete('enum');
  for (const name of names) {
    if (ANNOTATIONS.includes(name)) continue;
    const found = (COMPARISONS[name] ?? comparedAsConstraint)(released, current, at, name);
    changes.breaking.push(...found.breaking);
    changes.compatible.push(...found.compatible);
  }
  return changes;
};

/** Whether two schemas allow the same values, by their keywords. */
export const isSameSchema = (one, other) =>
  [schemaChanges(one, other, ''), schemaChanges(other, one, '')].every((changes) => changes.breaking.length === 0);

const unchanged = { breaking: [], compatible: [] };
const breaking = (text) => ({ breaking: [text], compatible: [] });
const compatible = (text) => ({ breaking: [], compatible: [text] });
const show = (value) => JSON.stringify(value);

/** A constraint may be added or tightened, and neither dropped nor loosened. */
const compared = (released, current, at, isTighter) => {
  if (isDeepStrictEqual(released, current)) return unchanged;
  if (released === undefined) return compatible(`${at}: added (${show(current)})`);
  if (current === undefined) return breaking(`${at}: dropped (was ${show(released)})`);
  const text = `${at}: ${show(released)} -> ${show(current)}`;
  return isTighter(released, current) ? compatible(text) : breaking(text);
};

const comparedAsConstraint = (released, current, at, name) =>
  compared(released[name], current[name], `${at}: ${name}`, () => false);

const minimum = (released, current, at, name) =>
  compared(released[name], current[name], `${at}: ${name}`, (before, after) => after >= before);

const maximum = (released, current, at, name) =>
  compared(released[name], current[name], `${at}: ${name}`, (before, after) => after <= before);

const type = (released, current, at) =>
  compared(released.type, current.type, `${at}: type`, (before, after) =>
    [after]
      .flat()
      .every((one) => [before].flat().includes(one) || (one === 'integer' && [before].flat().includes('number'))),
  );

const valuesOf = (schema) => ('const' in schema ? [schema.const] : schema.enum);

const values = (released, current, at) =>
  compared(valuesOf(released), valuesOf(current), `${at}: values`, (before, after) =>
    after.every((one) => before.some((other) => isDeepStrictEqual(one, other))),
  );

const required = (released, current, at) => {
  const [before, after] = [released.required ?? [], current.required ?? []];
  return {
    breaking: before.filter((name) => !after.includes(name)).map((name) => `${at}.${name}: no longer required`),
    compatible: after.filter((name) => !before.includes(name)).map((name) => `${at}.${name}: now required`),
  };
};

const properties = (released, current, at) => {
  const [before, after] = [released.properties ?? {}, current.properties ?? {}];
  const changes = Object.keys(before).map((name) =>
    name in after ? schemaChanges(before[name], after[name], `${at}.${name}`) : breaking(`${at}.${name}: removed`),
  );
  const added = Object.keys(after).filter((name) => !(name in before));
  return {
    breaking: changes.flatMap((one) => one.breaking),
    compatible: [...changes.flatMap((one) => one.compatible), ...added.map((name) => `${at}.${name}: added`)],
  };
};

const items = (released, current, at) =>
  released.items === undefined || current.items === undefined
    ? comparedAsConstraint(released, current, at, 'items')
    : schemaChanges(released.items, current.items, `${at}[]`);

/** Only a reader of the change can tell whether the meaning is the same. */
const description = (released, current, at) =>
  released.description === current.description
    ? unchanged
    : compatible(`${at}: described differently; it must mean the same`);

/** Consumers ignore values that they do not know. */
const knownValues = (released, current, at, name) =>
  isDeepStrictEqual(released[name], current[name])
    ? unchanged
    : compatible(`${at}: known values: ${show(released[name])} -> ${show(current[name])}`);

const COMPARISONS = {
  ...{ description, 'x-extensible-enum': knownValues },
  ...{ type, const: values, required, properties, items },
  ...Object.fromEntries(MINIMA.map((name) => [name, minimum])),
  ...Object.fromEntries(MAXIMA.map((name) => [name, maximum])),
};

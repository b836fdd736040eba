const INDENT = '  ';

/** Types of the JSON Schema keywords that the contract's schemas use. */
const typeOf = (schema, indent) => {
  if ('const' in schema) return literal(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
  if (schema['x-extensible-enum'] !== undefined)
    return `Extensible<${schema['x-extensible-enum'].map(literal).join(' | ')}>`;
  if (schema.type === 'array') return `${typeOf(schema.items, indent)}[]`;
  if (schema.type === 'object') return objectType(schema, indent);
  if (schema.type === 'string' || schema.type === 'null') return schema.type;
  throw new Error(`schemaTypes has no case for the type ${JSON.stringify(schema.type)}`);
};

const literal = (text) => `'${text}'`;
const propertyName = (name) => (/^[a-z_]\w*$/i.test(name) ? name : literal(name));
const comment = ({ description }, indent) => (description === undefined ? '' : `${indent}/** ${description} */\n`);

const objectType = ({ properties, required = [] }, indent) => {
  const members = Object.entries(properties).map(
    ([name, schema]) =>
      `${comment(schema, indent + INDENT)}${indent}${INDENT}${propertyName(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema, indent + INDENT)};\n`,
  );
  return `{\n${members.join('')}${indent}}`;
};

/** TypeScript declarations of the headers and of the value of each message, for consumers. */
export const schemaTypes = ({ schemas, headers, checkpointHeaders }) => {
  const values = Object.entries(schemas).map(
    ([type, schema]) => `${comment(schema, INDENT)}${INDENT}'${type}': ${typeOf(schema, INDENT)};\n`,
  );
  return [
    '/** Types of the public messages, made from their JSON Schemas. No import is needed. */\n\n',
    '/** One of the known values, or one that a later release adds. */\n',
    'export type Extensible<T extends string> = T | (string & Record<never, never>);\n\n',
    comment(headers, ''),
    `export interface Headers ${objectType(headers, '')}\n\n`,
    comment(checkpointHeaders, ''),
    `export interface CheckpointHeaders ${objectType(checkpointHeaders, '')}\n\n`,
    '/** The value of a record by its `ce_type`. `null` is a record without value. */\n',
    `export interface Values {\n${values.join('')}}\n`,
  ].join('');
};

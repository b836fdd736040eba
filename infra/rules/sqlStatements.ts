import ts from 'typescript';
import { nodesOf } from './sourceTexts.js';

/** Statements of a program: object literals with the properties that make a prepared statement of Postgres. */
export interface SqlStatement {
  /** Source of the expression after `name:`; `undefined` without one. */
  name: string | undefined;
  /** Source of the expression after `text:`. */
  text: string;
  /** Parameters of the enclosing functions that the text uses and the name does not. */
  unnamedParameters: string[];
}

/** Object literals with `text` and `values`, or with `name` and `text` next to a spread, which may hold the values. */
export const statementsIn = (source: string): SqlStatement[] =>
  nodesOf(source).filter(ts.isObjectLiteralExpression).flatMap(statementOf);

/** Calls of `.query` with a text and values, as source texts: such a statement has no name. */
export const unnamedQueriesIn = (source: string): string[] =>
  nodesOf(source)
    .filter(ts.isCallExpression)
    .filter(({ expression }) => ts.isPropertyAccessExpression(expression) && expression.name.text === 'query')
    .filter((call) => call.arguments.length > 1)
    .map((call) => call.getText());

const statementOf = (literal: ts.ObjectLiteralExpression): SqlStatement[] => {
  const [name, text, values] = ['name', 'text', 'values'].map((key) => propertyOf(literal, key));
  if (text === undefined || (values === undefined && name === undefined)) return [];
  const named = name === undefined ? [] : identifiersIn(name);
  const parameters = parametersAround(literal);
  return [
    {
      name: name?.getText(),
      text: text.getText(),
      unnamedParameters: identifiersIn(text).filter((used) => parameters.has(used) && !named.includes(used)),
    },
  ];
};

const propertyOf = (literal: ts.ObjectLiteralExpression, key: string): ts.Expression | undefined => {
  const property = literal.properties.find((found) => found.name?.getText() === key);
  if (property === undefined) return undefined;
  if (ts.isPropertyAssignment(property)) return property.initializer;
  return ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
};

const within = (node: ts.Node): ts.Node[] => {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return [node, ...children.flatMap(within)];
};

const identifiersIn = (node: ts.Node): string[] => [
  ...new Set(
    within(node)
      .filter(ts.isIdentifier)
      .filter((identifier) => !isKey(identifier))
      .map(({ text }) => text),
  ),
];

/** The name before the colon in an object literal, which refers to nothing. */
const isKey = (identifier: ts.Identifier): boolean =>
  ts.isPropertyAssignment(identifier.parent) && identifier.parent.name === identifier;

/** Names that the parameters of the functions around a node declare. */
const parametersAround = (node: ts.Node): Set<string> => {
  const names = new Set<string>();
  for (let around = node.parent; around !== undefined; around = around.parent)
    if (ts.isFunctionLike(around))
      for (const { name } of around.parameters)
        for (const bound of within(name).filter(ts.isIdentifier)) names.add(bound.text);
  return names;
};

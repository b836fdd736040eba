import ts from 'typescript';
import type { ConstantNames } from './constantNames.js';

/** The beginning of a statement, or of a part of one that has a name. */
const SQL =
  /^\s*(?:\w+ as (?:materialized )?\(\s*)?(?:with|select|insert into|update|delete from|create|alter|drop|grant|revoke|truncate|vacuum|analyze|lock table|set|reset|copy|merge into|comment on|do|call|notify|listen)\s/i;

/**
 * Expressions that become part of a statement and are not constants of the program, as `path: expression`. A value belongs into
 * the parameters of a statement; what is left are names of tables and columns.
 *
 * A constant is a literal, a name of one, a member of an object of constants, a number, a value of a type that is a union of
 * literals, or what a function makes of constants.
 */
export const interpolatedSql = (names: ConstantNames): string[] =>
  names.files.flatMap((file) => {
    const found = new Set<string>();
    const visit = (node: ts.Node): void => {
      if (isSql(node))
        for (const part of variableParts(node, { names, known: new Set(), depth: 0 }))
          found.add(part.getText().replace(/\s+/g, ' '));
      ts.forEachChild(node, visit);
    };
    visit(file);
    return [...found].map((expression) => `${file.fileName}: ${expression}`);
  });

/** How many expressions are taken for statements, constant ones included. */
export const countSql = ({ files }: ConstantNames): number => {
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (isSql(node)) count += 1;
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  return count;
};

/** A text that begins like a statement, or what a query is called with, unless it is part of another one. */
const isSql = (node: ts.Node): node is ts.Expression => {
  if (isQueriedText(node)) return true;
  if (ts.isStringLiteralLike(node)) return SQL.test(node.text);
  if (ts.isTemplateExpression(node)) return SQL.test(node.head.text);
  return ts.isBinaryExpression(node) && isSql(node.left);
};

/** The text of `query(text)`, `query(text, values)` and `{ name, text, values }`. An object or a name is looked at where it is made. */
const isQueriedText = (node: ts.Node): boolean => {
  const { parent } = node;
  if (parent === undefined || !(ts.isTemplateExpression(node) || ts.isBinaryExpression(node))) return false;
  if (ts.isCallExpression(parent))
    return (
      parent.arguments[0] === node &&
      ts.isPropertyAccessExpression(parent.expression) &&
      parent.expression.name.text === 'query'
    );
  if (!ts.isPropertyAssignment(parent) || parent.name.getText() !== 'text') return false;
  return parent.parent.properties.some((property) => ['name', 'values'].includes(property.name?.getText() ?? ''));
};

interface Scope {
  names: ConstantNames;
  /** Parameters whose arguments are constants. */
  known: ReadonlySet<ts.ParameterDeclaration>;
  /** Of names that were followed; a function that calls itself has no end. */
  depth: number;
}

const MAX_DEPTH = 20;

/** The innermost parts of an expression that are not constant. */
const variableParts = (expression: ts.Expression, scope: Scope): ts.Expression[] => {
  const partsOf = (part: ts.Expression): ts.Expression[] => variableParts(part, scope);
  const orItself = (parts: ts.Expression[]): ts.Expression[] => (parts.length === 0 ? [] : [expression]);
  if (isWrapper(expression)) return partsOf(expression.expression);
  if (ts.isStringLiteralLike(expression) || ts.isNumericLiteral(expression)) return [];
  if (ts.isTemplateExpression(expression)) return expression.templateSpans.flatMap((span) => partsOf(span.expression));
  if (ts.isBinaryExpression(expression)) return [expression.left, expression.right].flatMap(partsOf);
  if (ts.isConditionalExpression(expression)) return [expression.whenTrue, expression.whenFalse].flatMap(partsOf);
  if (ts.isArrayLiteralExpression(expression)) return expression.elements.flatMap(partsOf);
  if (ts.isObjectLiteralExpression(expression)) return expression.properties.flatMap(heldBy).flatMap(partsOf);
  if (ts.isArrowFunction(expression) && !ts.isBlock(expression.body)) return partsOf(expression.body);
  if (ts.isPropertyAccessExpression(expression) || ts.isElementAccessExpression(expression))
    return orItself(partsOf(expression.expression));
  if (ts.isCallExpression(expression)) return callParts(expression, scope);
  return ts.isIdentifier(expression) && isConstantName(expression, scope) ? [] : [expression];
};

const isConstantName = (name: ts.Identifier, scope: Scope): boolean => {
  const meaning = scope.names.meaningOf(name);
  const deeper = { ...scope, depth: scope.depth + 1 };
  if (deeper.depth > MAX_DEPTH) return false;
  if (meaning.kind === 'constant')
    return [meaning.value, ...addedTo(name)].every((part) => variableParts(part, deeper).length === 0);
  if (meaning.kind === 'item') return variableParts(meaning.items, deeper).length === 0;
  if (meaning.kind !== 'parameter') return false;
  return scope.known.has(meaning.of) || isClosed(meaning.of.type, scope.names) || isAlwaysConstant(meaning.of, deeper);
};

/** What the module adds to a list. */
const addedTo = (list: ts.Identifier): ts.Expression[] =>
  callsIn(list.getSourceFile()).flatMap(({ expression: callee, arguments: added }) =>
    ts.isPropertyAccessExpression(callee) &&
    ['push', 'unshift', 'splice'].includes(callee.name.text) &&
    callee.expression.getText() === list.text
      ? [...added]
      : [],
  );

/** Whether all calls of a function, which only its module can call, give a constant for a parameter. */
const isAlwaysConstant = (parameter: ts.ParameterDeclaration, scope: Scope): boolean => {
  const { parent: called } = parameter;
  const declaration = called.parent;
  if (!ts.isArrowFunction(called) || !ts.isVariableDeclaration(declaration)) return false;
  const statement = declaration.parent.parent;
  const isOfModule = ts.isVariableStatement(statement) && ts.isSourceFile(statement.parent);
  if (!isOfModule || statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return false;
  const name = declaration.name.getText();
  const calls = callsIn(statement.parent).filter(({ expression }) => expression.getText() === name);
  const uses = namesIn(statement.parent).filter(({ text }) => text === name).length;
  const index = called.parameters.indexOf(parameter);
  // One more name than calls: that of the declaration. Otherwise the function is passed on.
  if (calls.length === 0 || uses !== calls.length + 1) return false;
  return calls.every(({ arguments: given }) => {
    const argument = given[index] ?? parameter.initializer;
    return argument !== undefined && variableParts(argument, scope).length === 0;
  });
};

const nodesIn = (node: ts.Node): ts.Node[] => {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return [node, ...children.flatMap(nodesIn)];
};
const callsIn = (file: ts.SourceFile): ts.CallExpression[] => nodesIn(file).filter(ts.isCallExpression);
const namesIn = (file: ts.SourceFile): ts.Identifier[] => nodesIn(file).filter(ts.isIdentifier);

const isWrapper = (node: ts.Expression) =>
  ts.isParenthesizedExpression(node) ||
  ts.isAsExpression(node) ||
  ts.isSatisfiesExpression(node) ||
  ts.isNonNullExpression(node) ||
  ts.isSpreadElement(node);

/** What a property holds; a method holds nothing. */
const heldBy = (property: ts.ObjectLiteralElementLike): ts.Expression[] => {
  if (ts.isPropertyAssignment(property)) return [property.initializer];
  if (ts.isShorthandPropertyAssignment(property)) return [property.name];
  return ts.isSpreadAssignment(property) ? [property.expression] : [];
};

/** `list.join('…')`, `list.map((item) => …)`, parts of a list, and a function of this repository whose body is an expression. */
const callParts = (call: ts.CallExpression, scope: Scope): ts.Expression[] => {
  const callee = call.expression;
  if (ts.isPropertyAccessExpression(callee)) {
    const isKnown = ['filter', 'find', 'join', 'map', 'slice', 'trim'].includes(callee.name.text);
    if (!isKnown || variableParts(callee.expression, scope).length > 0) return [call];
    if (['filter', 'find', 'slice'].includes(callee.name.text)) return [];
    return call.arguments.flatMap((argument) => variableParts(argument, withParameters(argument, scope)));
  }
  const given = call.arguments.flatMap((argument) => variableParts(argument, scope));
  const meaning = ts.isIdentifier(callee) ? scope.names.meaningOf(callee) : undefined;
  const deeper = { ...scope, depth: scope.depth + 1 };
  if (given.length > 0 || meaning?.kind !== 'constant' || deeper.depth > MAX_DEPTH) return [call];
  return variableParts(meaning.value, withParameters(meaning.value, deeper)).length === 0 ? [] : [call];
};

const withParameters = (called: ts.Expression, scope: Scope): Scope =>
  ts.isArrowFunction(called) ? { ...scope, known: new Set([...scope.known, ...called.parameters]) } : scope;

/** Whether a type has no values but numbers and literals: no text from outside can be one. */
const isClosed = (type: ts.TypeNode | undefined, names: ConstantNames): boolean => {
  if (type === undefined) return false;
  const { NumberKeyword, UndefinedKeyword } = ts.SyntaxKind;
  if ([NumberKeyword, UndefinedKeyword].includes(type.kind) || ts.isLiteralTypeNode(type)) return true;
  if (ts.isParenthesizedTypeNode(type)) return isClosed(type.type, names);
  if (ts.isIndexedAccessTypeNode(type)) return isClosedMember(type, names);
  if (ts.isUnionTypeNode(type)) return type.types.every((one) => isClosed(one, names));
  if (ts.isTypeLiteralNode(type))
    return type.members.every((member) => ts.isPropertySignature(member) && isClosed(member.type, names));
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return false;
  if (type.typeName.text === 'Record') return isClosed(type.typeArguments?.[1], names);
  const meaning = names.meaningOf(type.typeName);
  return meaning.kind === 'type' && isClosed(meaning.type, names);
};

/** `Interface['member']`, and `(typeof LIST)[number]`. */
const isClosedMember = ({ objectType, indexType }: ts.IndexedAccessTypeNode, names: ConstantNames): boolean => {
  const object = ts.isParenthesizedTypeNode(objectType) ? objectType.type : objectType;
  if (ts.isTypeQueryNode(object) && ts.isIdentifier(object.exprName)) {
    const meaning = names.meaningOf(object.exprName);
    const scope = { names, known: new Set<ts.ParameterDeclaration>(), depth: 0 };
    return meaning.kind === 'constant' && variableParts(meaning.value, scope).length === 0;
  }
  if (!ts.isTypeReferenceNode(object) || !ts.isIdentifier(object.typeName)) return false;
  const meaning = names.meaningOf(object.typeName);
  if (meaning.kind !== 'interface' || !ts.isLiteralTypeNode(indexType)) return false;
  const member = meaning.members.find(({ name }) => name?.getText() === indexType.getText().slice(1, -1));
  return member !== undefined && ts.isPropertySignature(member) && isClosed(member.type, names);
};

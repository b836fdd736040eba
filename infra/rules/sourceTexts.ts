import ts from 'typescript';

/** All nodes of a program. */
export const nodesOf = (source: string): ts.Node[] => {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return nodes;
};

/** The first identifier of a call: `it` in `it('…')`, `it.each([…])('…')` and `it.each`…`('…')`. */
const firstNameOf = (callee: ts.Expression): string => {
  if (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) return firstNameOf(callee.expression);
  if (ts.isTaggedTemplateExpression(callee)) return firstNameOf(callee.tag);
  return ts.isIdentifier(callee) ? callee.text : '';
};

const isText = (node: ts.Node | undefined): node is ts.StringLiteralLike | ts.TemplateExpression =>
  node !== undefined && (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node));

/** Titles of tests and suites that are literals. */
export const testTitlesIn = (source: string): string[] =>
  nodesOf(source)
    .filter(ts.isCallExpression)
    .filter(({ expression }) => ['describe', 'it', 'test'].includes(firstNameOf(expression)))
    .map(({ arguments: [title] }) => title)
    .filter(isText)
    .map((title) => title.getText());

/** All string and template literals of a program: everything that it can print or send. */
export const literalsIn = (source: string): string[] =>
  nodesOf(source)
    .filter(isText)
    .map((literal) => literal.getText());

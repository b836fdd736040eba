import ts from 'typescript';

const nodesOf = (source: string): ts.Node[] => {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return nodes;
};

/** The identifier a call begins with: `it` of `it('…')`, `it.each([…])('…')` and `it.each`…`('…')`. */
const firstNameOf = (callee: ts.Expression): string => {
  if (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) return firstNameOf(callee.expression);
  if (ts.isTaggedTemplateExpression(callee)) return firstNameOf(callee.tag);
  return ts.isIdentifier(callee) ? callee.text : '';
};

const isText = (node: ts.Node | undefined): node is ts.StringLiteralLike | ts.TemplateExpression =>
  node !== undefined && (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node));

/** Titles of tests and suites, where they are written as literals. */
export const testTitlesIn = (source: string): string[] =>
  nodesOf(source)
    .filter(ts.isCallExpression)
    .filter(({ expression }) => ['describe', 'it', 'test'].includes(firstNameOf(expression)))
    .map(({ arguments: [title] }) => title)
    .filter(isText)
    .map((title) => title.getText());

/** What a program can print or answer: its string and template literals, without its comments. */
export const literalsIn = (source: string): string[] =>
  nodesOf(source)
    .filter(isText)
    .map((literal) => literal.getText());

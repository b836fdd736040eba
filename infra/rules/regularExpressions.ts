import ts from 'typescript';
import type { ConstantNames } from './constantNames.js';

export interface FoundExpression {
  /** Of its file, from the root of the repository. */
  path: string;
  regex: RegExp;
}

export interface FoundExpressions {
  /** Literals, and calls of `RegExp` with constants. */
  expressions: FoundExpression[];
  /** `path: argument` of the calls of `RegExp` whose argument is not known before the program runs. */
  unknown: string[];
}

/** All regular expressions of the sources. */
export const regularExpressions = (names: ConstantNames): FoundExpressions => {
  const expressions: FoundExpression[] = [];
  const unknown: string[] = [];
  const visit = (node: ts.Node): void => {
    const path = node.getSourceFile().fileName;
    if (ts.isRegularExpressionLiteral(node)) expressions.push({ path, regex: ofLiteral(node.text) });
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp') {
      const [pattern, flags] = (node.arguments ?? []).map((argument) => constantText(argument, names));
      if (pattern === undefined) unknown.push(`${path}: ${node.arguments?.[0]?.getText() ?? ''}`);
      else expressions.push({ path, regex: new RegExp(pattern, flags) });
    }
    ts.forEachChild(node, visit);
  };
  for (const file of names.files) visit(file);
  return { expressions, unknown };
};

const ofLiteral = (text: string): RegExp => {
  const end = text.lastIndexOf('/');
  return new RegExp(text.slice(1, end), text.slice(end + 1));
};

/** The text that an expression of literals and constants stands for; `undefined` when it is not constant. */
const constantText = (expression: ts.Expression, names: ConstantNames): string | undefined => {
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isTemplateExpression(expression)) {
    const parts = expression.templateSpans.map((span) => {
      const value = constantText(span.expression, names);
      return value === undefined ? undefined : value + span.literal.text;
    });
    return parts.includes(undefined) ? undefined : expression.head.text + parts.join('');
  }
  if (!ts.isIdentifier(expression)) return undefined;
  const meaning = names.meaningOf(expression);
  return meaning.kind === 'constant' ? constantText(meaning.value, names) : undefined;
};

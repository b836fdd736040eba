/** A metric in an expression, with the conditions on its labels. */
export interface Selector {
  metric: string;
  matchers: readonly { label: string; operator: string; value: string }[];
}

/** The names in an expression of PromQL. */
export interface PromQlNames {
  selectors: readonly Selector[];
  /** Labels that the expression groups, joins or matches by. */
  labels: readonly string[];
}

const TOKENS =
  /\s+|#[^\n]*|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<range>\[[^\]]*\])|(?<number>\d[\w.]*|\.\d\w*)|(?<name>[a-zA-Z_:][\w:]*)|(?<sign>=~|!~|!=|==|>=|<=|[-+*/%^(){},=<>@])/y;

const LABEL_LISTS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const KEYWORDS = new Set([
  ...LABEL_LISTS,
  'and',
  'or',
  'unless',
  'offset',
  'bool',
  'atan2',
  'start',
  'end',
  'inf',
  'nan',
]);

interface Token {
  kind: string;
  text: string;
}

const tokensOf = (expression: string): Token[] => {
  const tokens: Token[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < expression.length) {
    const at = TOKENS.lastIndex;
    const groups = TOKENS.exec(expression)?.groups;
    if (groups === undefined) throw new Error(`cannot read PromQL from: ${expression.slice(at)}`);
    const [kind, text] = Object.entries(groups).find(([, found]) => found !== undefined) ?? [];
    if (kind !== undefined && text !== undefined) tokens.push({ kind, text });
  }
  return tokens;
};

/**
 * Finds the metrics and labels in an expression by its tokens. It does not check the grammar, and refuses selectors without the
 * name of a metric.
 *
 * @throws Error for text that is not PromQL
 */
export const promQlNames = (expression: string): PromQlNames => {
  const tokens = tokensOf(expression);
  const selectors: Selector[] = [];
  const labels: string[] = [];
  let next = 0;
  const take = (): Token => tokens[next++] ?? { kind: 'end', text: '' };
  const isNext = (text: string): boolean => tokens[next]?.kind === 'sign' && tokens[next]?.text === text;

  const takeLabels = (): void => {
    take();
    for (let token = take(); token.text !== ')'; token = take()) {
      if (token.kind === 'name') labels.push(token.text);
      else if (token.text !== ',') throw new Error(`not a list of labels: ${expression}`);
    }
  };
  const takeMatchers = (): Selector['matchers'] => {
    const matchers: { label: string; operator: string; value: string }[] = [];
    take();
    while (!isNext('}')) {
      const [label, operator, value] = [take(), take(), take()];
      if (label.kind !== 'name' || operator.kind !== 'sign' || value.kind !== 'string')
        throw new Error(`not a condition on a label: ${expression}`);
      matchers.push({ label: label.text, operator: operator.text, value: value.text.slice(1, -1) });
      if (isNext(',')) take();
    }
    take();
    return matchers;
  };
  /** An aggregation may have its labels before its arguments. */
  const isCall = (): boolean => isNext('(') || LABEL_LISTS.has(tokens[next]?.text ?? '');

  while (next < tokens.length) {
    const token = take();
    if (token.text === '{') throw new Error(`a selector without a metric: ${expression}`);
    if (token.kind !== 'name') continue;
    if (LABEL_LISTS.has(token.text) && isNext('(')) takeLabels();
    else if (!KEYWORDS.has(token.text.toLowerCase()) && !isCall())
      selectors.push({ metric: token.text, matchers: isNext('{') ? takeMatchers() : [] });
  }
  return { selectors, labels };
};

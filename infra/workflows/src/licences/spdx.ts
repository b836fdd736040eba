/** A licence expression of SPDX, such as `(MIT OR CC0-1.0)`, cannot be read. */
export class BadLicenceExpression extends Error {
  override readonly name = 'BadLicenceExpression';
}

/**
 * Whether a licence expression is satisfied by licences of which each is allowed: of `OR` one side is enough, `AND` needs both
 * and binds closer.
 * @throws BadLicenceExpression
 */
export const isSatisfied = (expression: string, allowed: (licence: string) => boolean): boolean => {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let position = 0;
  const refuse = (): never => {
    throw new BadLicenceExpression(`The licence expression "${expression}" is malformed.`);
  };
  const accept = (token: string): boolean => {
    if (tokens[position] !== token) return false;
    position++;
    return true;
  };
  const operand = (): boolean => {
    if (accept('(')) {
      const inner = either();
      return accept(')') ? inner : refuse();
    }
    const token = tokens[position++];
    return token === undefined || /^(\(|\)|AND|OR)$/.test(token) ? refuse() : allowed(token);
  };
  const both = (): boolean => {
    let satisfied = operand();
    while (accept('AND')) satisfied = operand() && satisfied;
    return satisfied;
  };
  const either = (): boolean => {
    let satisfied = both();
    while (accept('OR')) satisfied = both() || satisfied;
    return satisfied;
  };
  const satisfied = either();
  return position === tokens.length ? satisfied : refuse();
};

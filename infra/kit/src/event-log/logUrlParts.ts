/** The parts of a connection string of EventStoreDB. */
export interface LogUrlParts {
  protocol: string;
  hosts: readonly string[];
  /** @param name in lower case, without `_` and `-`, which count for nothing in the URL. Of repeated ones the last counts. */
  parameter(name: string): string | undefined;
}

/** The parts as the client finds them. A password may contain `?`, and a slash separates hosts as a comma does. */
export const logUrlParts = (url: string): LogUrlParts => {
  const [protocol, rest] = cut(url, '://');
  const colon = rest.indexOf(':');
  const at = colon > 0 ? rest.indexOf('@', colon + 2) : -1;
  const [hosts, query] = cut(rest.slice(at + 1), '?');
  const pairs = query.split(/[&?]/).map((pair) => cut(pair, '='));
  const keyOf = (key: string): string => key.trim().toLowerCase().replace(/[_-]/g, '');
  return {
    protocol,
    hosts: hosts.split(/[,/]/).filter((host) => host !== ''),
    parameter: (name) =>
      pairs
        .filter(([key]) => keyOf(key) === name)
        .at(-1)?.[1]
        .trim(),
  };
};

/** The text before and after the first separator. */
export const cut = (whole: string, separator: string): readonly [string, string] => {
  const at = whole.indexOf(separator);
  return at === -1 ? [whole, ''] : [whole.slice(0, at), whole.slice(at + separator.length)];
};

import { type Reader, text } from '../env.js';
import { readCertificates } from '../transport/certificates.js';
import { isLoopback } from '../transport/isLoopback.js';
import { encrypted } from '../transport/requireTls.js';

/**
 * A connection string of EventStoreDB. It has TLS unless it says `tls=false`, and `tlsCAFile` names a file of certificates to
 * trust. `logAddress` checks the rest of it.
 */
export const eventLogUrl = (): Reader<string> => {
  const checked: Reader<string> = {
    read: (name, env) => {
      const value = text().read(name, env);
      const file = partsOf(value).parameter('tlscafile');
      if (file) readCertificates(decoded(file));
      return value;
    },
  };
  return encrypted(checked, { isSafe, advice: 'remove tls=false from it' });
};

/** A single host on loopback is asked directly; nodes of a cluster name each other, so that any may be elsewhere. */
const isSafe = (value: string): boolean => {
  const { protocol, hosts, parameter } = partsOf(value);
  const [first = '', ...others] = hosts;
  const [host] = cut(first, ':');
  return (parameter('tls') ?? 'true') === 'true' || (protocol === 'esdb' && others.length === 0 && isLoopback(host));
};

interface Parts {
  protocol: string;
  hosts: readonly string[];
  /** @param name in lower case, without `_` and `-`, which count for nothing in the URL. Of repeated ones the last counts. */
  parameter(name: string): string | undefined;
}

/** The parts as the client finds them. A password may contain `?`, and a slash separates hosts as a comma does. */
const partsOf = (url: string): Parts => {
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
const cut = (whole: string, separator: string): readonly [string, string] => {
  const at = whole.indexOf(separator);
  return at === -1 ? [whole, ''] : [whole.slice(0, at), whole.slice(at + separator.length)];
};

/** A malformed escape names no file. */
const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
};

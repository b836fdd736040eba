import { type Reader, text } from '../env.js';
import { readCertificates } from '../transport/certificates.js';
import { isLoopback } from '../transport/isLoopback.js';
import { encrypted } from '../transport/requireTls.js';

/** Protocol, user with password, hosts, parameters; a password may contain `?`. */
const PARTS = /^(?<protocol>[^:]+):\/\/(?:[^:]+:[^@]+@)?(?<hosts>[^?]*)\??(?<query>.*)$/s;

/**
 * A connection string of EventStoreDB. It has TLS unless it says `tls=false`, and `tlsCAFile` names a file of certificates to
 * trust. `logAddress` checks the rest of it.
 */
export const eventLogUrl = (): Reader<string> => {
  const checked: Reader<string> = {
    read: (name, env) => {
      const value = text().read(name, env);
      const file = parameter(value, 'tlscafile');
      if (file) readCertificates(decoded(file));
      return value;
    },
  };
  return encrypted(checked, { isSafe, advice: 'remove tls=false from it' });
};

/** A single host on loopback is asked directly; nodes of a cluster name each other, so that any may be elsewhere. */
const isSafe = (value: string): boolean => {
  const { protocol, hosts = '' } = PARTS.exec(value)?.groups ?? {};
  const [, host = ''] = /^(.*?)(?::\d+)?\/*$/.exec(hosts) ?? [];
  return (parameter(value, 'tls') ?? 'true') === 'true' || (protocol === 'esdb' && isLoopback(host));
};

/** As the client reads it: names in any case, with or without `_` and `-`, and the last one counts. */
const parameter = (url: string, name: string): string | undefined =>
  (PARTS.exec(url)?.groups?.query ?? '')
    .split(/[&?]/)
    .map((pair) => /^([^=]*)=(.*)$/s.exec(pair) ?? [])
    .filter(([, key = '']) => key.trim().toLowerCase().replace(/[_-]/g, '') === name)
    .at(-1)?.[2]
    ?.trim();

/** A malformed escape names no file. */
const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
};

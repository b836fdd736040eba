import { type Reader, text } from '../env.js';
import { InvalidSetting } from '../invalidSetting.js';
import { readCertificates } from '../transport/certificates.js';
import { isLoopback } from '../transport/isLoopback.js';
import { encrypted } from '../transport/requireTls.js';
import { validated } from '../validated.js';
import { isLogUrl, logUrlFault, NO_LOG_URL } from './logUrlFault.js';
import { cut, logUrlParts } from './logUrlParts.js';

/**
 * A connection string of EventStoreDB. It has TLS unless it says `tls=false`, and `tlsCAFile` names a file of certificates to
 * trust. Whatever the client would refuse later is refused here.
 */
export const eventLogUrl = (): Reader<string> => {
  const trusted: Reader<string> = {
    read: (name, env) => {
      const value = validated(text(), isLogUrl, NO_LOG_URL).read(name, env);
      const file = logUrlParts(value).parameter('tlscafile');
      if (file) readCertificates(decoded(file));
      return value;
    },
  };
  const inner = encrypted(trusted, { isSafe, advice: 'remove tls=false from it' });
  return {
    read: (name, env) => {
      const value = inner.read(name, env);
      const fault = logUrlFault(value);
      if (fault !== undefined) throw new InvalidSetting(fault);
      return value;
    },
  };
};

/** A single host on loopback is asked directly; nodes of a cluster name each other, so that any may be elsewhere. */
const isSafe = (value: string): boolean => {
  const { protocol, hosts, parameter } = logUrlParts(value);
  const [first = '', ...others] = hosts;
  const [host] = cut(first, ':');
  return (parameter('tls') ?? 'true') === 'true' || (protocol === 'esdb' && others.length === 0 && isLoopback(host));
};

/** A malformed escape names no file. */
const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
};

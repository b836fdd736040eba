import { type Reader, reader } from '../env.js';
import { InvalidSetting } from '../invalidSetting.js';
import { readCertificates } from '../transport/certificates.js';
import { isLoopback } from '../transport/isLoopback.js';
import { encrypted } from '../transport/requireTls.js';

/** A Postgres connection string. `sslmode=verify-full` asks for TLS, and `sslrootcert` names a file of certificates to trust. */
export const databaseUrl = (): Reader<string> =>
  encrypted(
    reader((value) => {
      if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value))
        throw new InvalidSetting('must be a URL like postgresql://user@host/database');
      if (BARE_PERCENT.test(value))
        throw new InvalidSetting('must have %25 for each % that is no escape, also in the password');
      const certificates = parameter(value, 'sslrootcert');
      if (certificates) readCertificates(certificates);
      return value;
    }, undefined),
    { isSafe, advice: 'add sslmode=verify-full to it' },
  );

/** pg escapes the whole URL again where it finds one, the settings that we add included. */
const BARE_PERCENT = /%(?![0-9a-f]{2})/i;

/** A path, which is encoded where it is the host of the URL. */
const UNIX_SOCKET = /^(\/|%2f)/i;

/** The other modes of `sslmode` mean different things to different clients. */
const isSafe = (value: string): boolean => {
  const host = parameter(value, 'host') || new URL(value).hostname;
  return parameter(value, 'sslmode') === 'verify-full' || UNIX_SOCKET.test(host) || isLoopback(host);
};

/** Of a parameter that is repeated, pg takes the last one. */
const parameter = (url: string, name: string): string | undefined => new URL(url).searchParams.getAll(name).at(-1);

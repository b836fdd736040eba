/** What OpenSSL and Node say about certificates and handshakes. */
const TEXTS = [
  'self-signed certificate',
  'unable to verify the first certificate',
  'unable to get local issuer certificate',
  'unable to get issuer certificate',
  'certificate has expired',
  'certificate is not yet valid',
  'certificate revoked',
  "does not match certificate's altnames",
  'wrong version number',
  'packet length too long',
  'handshake failure',
];

/** Why TLS failed, as one of a few fixed texts; `undefined` if the message is about something else. */
export const tlsFault = (message: string): string | undefined => TEXTS.find((text) => message.includes(text));

/** Names of errors of OpenSSL about certificates, and codes of Node about TLS. */
const CODE =
  /^(ERR_(TLS|SSL)_\w+|EPROTO|(\w+_)?CERT(_\w+)?|UNABLE_TO_\w+|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$/;

/** Whether the code of an error means that TLS was not established: a certificate is refused, or the server has no TLS. */
export const isTlsCode = (code: string): boolean => CODE.test(code);

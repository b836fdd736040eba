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

/** Codes of Node about TLS, and those of OpenSSL about certificates that do not name one with `CERT`. */
const CODE = /^(ERR_(TLS|SSL)_|UNABLE_TO_|(EPROTO|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$)/;

/** Whether the code of an error means that TLS was not established: a certificate is refused, or the server has no TLS. */
export const isTlsCode = (code: string): boolean => CODE.test(code) || code.split('_').includes('CERT');

import { describe, expect, it } from '@jest/globals';
import { isTlsCode, tlsFault } from './tlsFault.js';

describe('a failure of TLS', () => {
  it('L-02 is told in a fixed text that quotes nothing', () => {
    expect(tlsFault("Hostname/IP does not match certificate's altnames: canary")).toBe(
      "does not match certificate's altnames",
    );
    expect(tlsFault('connect ECONNREFUSED 127.0.0.1:1')).toBeUndefined();
  });

  it('is known by its code', () => {
    for (const code of [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'CERT_HAS_EXPIRED',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'ERR_SSL_WRONG_VERSION_NUMBER',
      'EPROTO',
    ])
      expect([code, isTlsCode(code)]).toEqual([code, true]);
    for (const code of ['ECONNRESET', '23505', 'ERR_INVALID_ARG_TYPE', 'CERTAINLY'])
      expect([code, isTlsCode(code)]).toEqual([code, false]);
  });
});

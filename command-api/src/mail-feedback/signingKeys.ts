import { type KeyObject, X509Certificate } from 'node:crypto';
import type { Clock } from '@ums/kit/clock';
import type { FetchText } from './fetchText.js';

/**
 * The public key of a certificate of SNS; `undefined` if there is no valid certificate at the URL. It is only as good as the
 * URL, which must be at the host of SNS: the certificate itself is not proven by an authority.
 *
 * @throws DependencyUnavailable
 */
export type SigningKeys = (url: string) => Promise<KeyObject | undefined>;

interface Certificate {
  key: KeyObject;
  validFrom: number;
  validTo: number;
}

/** SNS has one certificate at a time. More URLs come from forgers, who must not fill the memory. */
const MAX_CERTIFICATES = 4;

/** Fetches each certificate once, until it expires. */
export const signingKeys = (fetchText: FetchText, clock: Clock): SigningKeys => {
  const known = new Map<string, Certificate>();
  const fetched = async (url: string): Promise<Certificate | undefined> => {
    const certificate = parse(await fetchText(url));
    if (certificate === undefined) return undefined;
    for (const oldest of known.keys()) {
      if (known.size < MAX_CERTIFICATES) break;
      known.delete(oldest);
    }
    known.set(url, certificate);
    return certificate;
  };
  return async (url) => {
    const now = clock.now().getTime();
    const cached = known.get(url);
    const certificate = cached !== undefined && now < cached.validTo ? cached : await fetched(url);
    if (certificate === undefined || now < certificate.validFrom || now >= certificate.validTo) return undefined;
    return certificate.key;
  };
};

const parse = (pem: string | undefined): Certificate | undefined => {
  if (pem === undefined) return undefined;
  try {
    const { publicKey, validFrom, validTo } = new X509Certificate(pem);
    // A key of another kind would be used with another scheme than the one that SNS signs with.
    if (publicKey.asymmetricKeyType !== 'rsa') return undefined;
    return { key: publicKey, validFrom: Date.parse(validFrom), validTo: Date.parse(validTo) };
  } catch {
    // Not a certificate: the notice that named it is not proven, which its sender is told.
    return undefined;
  }
};

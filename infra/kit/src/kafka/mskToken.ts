import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { type Clock, systemClock } from '../clock.js';
import { encodeUri } from '../object-storage/linkSigner.js';
import { sdkCredentials } from '../transport/sdkCredentials.js';

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

const LIFETIME_SECONDS = 900;

const ownCredentials = sdkCredentials();

/**
 * A token with which the brokers of Amazon MSK accept a role of IAM, by the mechanism OAUTHBEARER: a presigned request of
 * `kafka-cluster:Connect` in base64url, as the signer libraries of AWS make it.
 *
 * @param credentials of the role. @default found by the AWS SDK: variables, container, instance
 * @throws the error of the SDK when it finds no credentials
 */
export const mskToken = async (
  region: string,
  clock: Clock = systemClock,
  credentials?: Credentials,
): Promise<string> => {
  const hostname = `kafka.${region}.amazonaws.com`;
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const signer = new SignatureV4({
    service: 'kafka-cluster',
    region,
    credentials: credentials ?? (await ownCredentials()),
    sha256: Sha256,
    applyChecksum: false,
  });
  const { query = {} } = await signer.presign(
    {
      ...{ method: 'GET', protocol: 'https:', hostname, path: '/', headers: { host: hostname } },
      query: { Action: 'kafka-cluster:Connect' },
    },
    { expiresIn: LIFETIME_SECONDS, signingDate: clock.now() },
  );
  const parameters = { ...query, 'User-Agent': 'user-management-service' };
  const text = Object.entries(parameters).map(([name, value]) => `${encodeUri(name)}=${encodeUri(String(value))}`);
  return Buffer.from(`https://${hostname}/?${text.join('&')}`).toString('base64url');
};

/** The hash of Node in the form that the signer takes: it constructs one. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', typeof secret === 'string' ? secret : Buffer.from(secret as Uint8Array));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof data === 'string' ? data : Buffer.from(data as Uint8Array));
  }

  digest = async (): Promise<Uint8Array> => this.#hash.digest();

  reset = (): void => undefined;
}

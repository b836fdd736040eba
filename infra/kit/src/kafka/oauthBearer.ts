import type { AuthenticationProviderArgs, Mechanism } from 'kafkajs';

const SEPARATOR = '\u0001';
const LENGTH_BYTES = 4;

/**
 * The mechanism OAUTHBEARER (RFC 7628). That of kafkajs takes the refusal of a token for success, because the broker answers
 * with a text before it fails; the next request would then end without a word.
 *
 * @param token gives the token of a new connection.
 */
export const oauthBearer = (token: () => Promise<string>): Mechanism => ({
  mechanism: 'oauthbearer',
  authenticationProvider: ({ logger, saslAuthenticate }: AuthenticationProviderArgs) => ({
    authenticate: async () => {
      try {
        const message = Buffer.from(`n,,${SEPARATOR}auth=Bearer ${await token()}${SEPARATOR}${SEPARATOR}`);
        await saslAuthenticate({
          request: { encode: () => Buffer.concat([lengthOf(message), message]) },
          response: { decode: (answer) => answer.subarray(LENGTH_BYTES), parse: refuseText },
        });
      } catch (error) {
        // What follows the colon is not logged: it may quote the token.
        logger.error(`SASL OAUTHBEARER authentication failed: ${String(error)}`);
        throw error;
      }
    },
  }),
});

const lengthOf = (message: Buffer): Buffer => {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(message.length);
  return length;
};

/** The answer to a token that is accepted is empty. */
const refuseText = (answer: Buffer): void => {
  if (answer.length > 0) throw new Error('the broker refused the token');
};

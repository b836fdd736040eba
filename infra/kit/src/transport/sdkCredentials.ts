import type { defaultProvider } from '@aws-sdk/credential-provider-node';
import { lazily } from '../lazily.js';
import { withTimeout } from '../withTimeout.js';

type Provider = ReturnType<typeof defaultProvider>;

/** Long for a container or an instance that starts. Calls have shorter limits of their own, and later ones get what came meanwhile. */
const WITHIN_MS = 10_000;

/**
 * The credentials that the AWS SDK finds (variables, container, instance), which it keeps until they expire. By itself the SDK waits
 * for ever where the endpoint of a container takes a connection and says nothing, and lets all later calls wait for that answer.
 *
 * @throws the error of the SDK when it finds none, or that of {@link withTimeout}; the next call asks anew.
 */
export const sdkCredentials = (withinMs = WITHIN_MS): Provider => {
  // The SDK takes memory and time to load, so only a process that uses it loads it.
  const newProvider = () => lazily(async () => (await import('@aws-sdk/credential-provider-node')).defaultProvider());
  let provider = newProvider();
  return async (properties) => {
    const current = provider;
    const find = async () => (await current.get())(properties);
    try {
      return await withTimeout(withinMs, find());
    } catch (error) {
      if (provider === current) provider = newProvider();
      throw error;
    }
  };
};

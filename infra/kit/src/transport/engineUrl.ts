import type { Reader } from '../env.js';
import { baseUrl } from '../webAddress.js';
import { isLoopback } from './isLoopback.js';
import { encrypted } from './requireTls.js';

/** The base URL of an engine that speaks HTTP. It must be `https:` where TLS is required. */
export const engineUrl = (): Reader<string> =>
  encrypted(baseUrl(), {
    isSafe: (value) => {
      const { protocol, hostname } = new URL(value);
      return protocol === 'https:' || isLoopback(hostname);
    },
    advice: 'use https:',
  });

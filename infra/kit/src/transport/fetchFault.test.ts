import { describe, expect, it } from '@jest/globals';
import { fetchFault } from './fetchFault.js';

describe('fetchFault', () => {
  it('is the code of the connection, or the name of the error', async () => {
    const failed = (signal?: AbortSignal) => fetch('http://127.0.0.1:2/', { signal: signal ?? null }).catch(fetchFault);
    expect(await failed(AbortSignal.abort())).toBe('AbortError');
    expect(await failed()).toBe('ECONNREFUSED');
    expect(fetchFault(Object.assign(new Error('ada@example.org'), { code: 'ENOENT' }))).toBe('ENOENT');
    expect(fetchFault('ada@example.org')).toBe('unknown error');
  });
});

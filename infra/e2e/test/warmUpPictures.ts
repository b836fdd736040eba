import { API_PREFIX } from '@ums/contracts/routes';
import { until } from '../../kit/test/until.js';

/**
 * Sends a registration with a picture until the answer is not 503. In a test the service compiles its picture code at the first
 * upload, which can exceed the time limit of the object storage.
 *
 * @param api base URL of the API
 */
export const warmUpPictures = (api: string, password: string): Promise<void> =>
  until(async () => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ email: 'first@example.org', name: 'First', password }))
      body.set(name, value);
    const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(2_000)]);
    body.set('picture', new Blob([png]), 'first.png');
    const answer = await fetch(`${api}${API_PREFIX}/auth/register`, { method: 'POST', body });
    await answer.body?.cancel();
    return answer.status !== 503;
  });

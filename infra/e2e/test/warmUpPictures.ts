import { API_PREFIX } from '@ums/contracts/routes';
import { until } from '../../kit/test/until.js';

/**
 * Registers somebody with a picture until the service takes it. The test runner compiles what a service in its process loads with the
 * first picture, which may take longer than a call of the object storage may.
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

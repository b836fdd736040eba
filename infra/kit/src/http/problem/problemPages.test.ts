import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestHost, type TestHost } from '../../../test/testHost.js';

let host: TestHost;

beforeEach(async () => {
  host = await startTestHost();
});

afterEach(() => host.close());

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('problemPages', () => {
  it('serves the page that the type of a problem links to', async () => {
    const problem = (await (await host.call('/api/v1/user', { method: 'PUT' })).json()) as { type: string };
    const { pathname } = new URL(problem.type);
    const answer = await host.call(pathname);
    expect(answer.headers.get('vary')).toContain('Accept');
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { type: problem.type, status: 412, description: expect.stringMatching(/^The user <has> changed\.$/) },
    ]);
  });

  it.each([BROWSER, 'text/html;charset=utf-8'])('serves it as HTML to a browser: %s', async (accept) => {
    const answer = await host.call('/problems/stale-revision', { headers: { accept } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const html = await answer.text();
    expect(html).toContain('<h1>stale-revision</h1>');
    expect(html).toContain('<p>Status 412</p><p>The user &lt;has&gt; changed.</p>');
  });

  it.each(['/problems/unknown', '/problems/constructor', '/problems/__proto__', '/problems/'])(
    'answers 404 for %s',
    async (path) => {
      const answer = await host.call(path, { headers: { accept: BROWSER } });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        404,
        'application/problem+json; charset=utf-8',
      ]);
    },
  );

  it('supports reading methods only', async () => {
    const answer = await host.call('/problems/stale-revision', { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});

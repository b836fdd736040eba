import { beforeAll, expect, it } from '@jest/globals';
import { describeOnNginx, startNginx } from '../compose/test/nginxForTests.js';
import { describeOnOwn } from '../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS } from '../engines/test/engineForTests.js';
import type { ValuesName } from './test/chartTools.js';
import { renderChart } from './test/renderedChart.js';

/** Where nothing listens: a Service without pods refuses connections. */
const NOBODY = '127.0.0.1:1';

describeOnOwn(['helm'], 'the proxy of the chart', () => {
  describeOnNginx('while no pod of a service is ready', () => {
    const proxies: Partial<Record<ValuesName, string>> = {};
    beforeAll(async () => {
      for (const name of ['required', 'everything'] as const) {
        const { data = {} } = (await renderChart(name)).get('ConfigMap', 'ums-proxy');
        const release = data['release.conf']?.replace(/server \S+:8080;/g, `server ${NOBODY};`) ?? '';
        const config = data['nginx.conf']?.replace('include /etc/nginx/release.conf;', release) ?? '';
        proxies[name] = await startNginx(config);
      }
    }, ENGINE_START_TIMEOUT_MS);

    const ask = (name: ValuesName, origin: string) =>
      fetch(`${proxies[name]}/api/v1/users`, { headers: { origin } }).then(async (answer) => ({
        status: answer.status,
        retryAfter: answer.headers.get('retry-after'),
        type: ((await answer.json()) as { type: string }).type,
        allowed: answer.headers.get('access-control-allow-origin'),
        exposed: answer.headers.get('access-control-expose-headers'),
        vary: answer.headers.get('vary'),
      }));
    const problem = {
      status: 503,
      retryAfter: '1',
      type: 'https://users.example.org/problems/dependency-unavailable',
      vary: 'Origin',
    };

    it('H-04 answers 503 as a problem of PUBLIC_URL', async () => {
      for (const name of ['required', 'everything'] as const)
        expect(await ask(name, 'https://www.example.com')).toEqual({ ...problem, allowed: null, exposed: null });
    });

    it('listens on IPv6 where pods have such addresses', async () => {
      const { status } = await fetch(`${proxies.everything?.replace('127.0.0.1', '[::1]')}/api/v1/users`);
      expect(status).toBe(503);
    });

    it('H-01 lets scripts of the origins in CORS_ORIGINS read that, and of no others', async () => {
      const origin = 'https://www.example.org';
      expect(await ask('everything', origin)).toEqual({
        ...problem,
        allowed: origin,
        exposed: 'Retry-After, X-Request-Id',
      });
      expect(await ask('required', origin)).toEqual({ ...problem, allowed: null, exposed: null });
    });
  });
});

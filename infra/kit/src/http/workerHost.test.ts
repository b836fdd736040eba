import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/until.js';
import { createLog, silentLog } from '../log.js';
import { counter, gauge } from '../metrics.js';
import { listen } from './listen.js';
import { createWorkerHost } from './workerHost.js';

describe('createWorkerHost', () => {
  it('serves health checks and metrics', async () => {
    const total = counter('test_things_total', 'Things', ['kind']);
    expect(counter('test_things_total', 'Things', ['kind'])).toBe(total);
    total.inc({ kind: 'odd' }, 3);
    gauge('test_level', 'Level', []).set(7);
    gauge('test_level', 'Level', []).inc();
    let ready = true;
    const readiness = async () => ({ ready, checks: { log: 'up' as const }, lag: { events: 2 } });
    const app = createWorkerHost({ readiness }, silentLog);
    const { port, close } = await listen(app, { host: '127.0.0.1', port: 0 });
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    expect((await get('/health/live')).status).toBe(200);
    expect(await (await get('/health/ready')).json()).toMatchObject({ checks: { log: 'up' }, lag: { events: 2 } });
    ready = false;
    await until(async () => (await get('/health/ready')).status === 503);
    const metrics = await get('/metrics');
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    const text = await metrics.text();
    expect(text).toContain('test_things_total{kind="odd"} 3');
    expect(text).toContain('test_level 8');
    await close();
  });

  it('H-04 logs an error and does not show its message', async () => {
    const lines: string[] = [];
    const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
    const broken = gauge('test_broken', 'Cannot be read', []);
    Object.assign(broken, { collect: () => Promise.reject(new Error('canary at db.internal')) });
    const app = createWorkerHost({ readiness: async () => ({ ready: true, checks: {} }) }, log);
    const { port, close } = await listen(app, { host: '127.0.0.1', port: 0 });
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect([answer.status, await answer.text()]).toEqual([500, '']);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'request failed', error: { name: 'Error' } }]);
    expect(lines.join('')).not.toContain('canary');
    await close();
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import type { Readiness } from '../readiness.js';
import { type Listening, listen } from './listen.js';
import { probes } from './probes.js';

let readiness: () => Promise<Readiness>;
let stopping: boolean;
let listening: Listening;

const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${listening.port}${path}`);

beforeEach(async () => {
  readiness = async () => ({ ready: true, checks: {} });
  stopping = false;
  const app = express().use(
    probes(
      () => readiness(),
      () => stopping,
    ),
  );
  listening = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterEach(() => listening.close());

describe('probes', () => {
  it('is not ready when the check itself fails', async () => {
    readiness = () => Promise.reject(new Error('no connection'));
    const answer = await get('/health/ready');
    expect([answer.status, await answer.json()]).toMatchObject([503, { status: 'not-ready' }]);
  });

  it('F-03 answers within 2.5 s when a check hangs', async () => {
    readiness = () => new Promise(() => undefined);
    const begun = performance.now();
    const answer = await get('/health/ready');
    expect([answer.status, await answer.json()]).toMatchObject([503, { status: 'not-ready' }]);
    expect(performance.now() - begun).toBeLessThan(2_500);
  });

  it('F-32 is not ready while the process is stopping', async () => {
    stopping = true;
    const answer = await get('/health/ready');
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'stopping', checks: {} }]);
  });
});

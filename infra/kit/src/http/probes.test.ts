import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { settlesWithin } from '../../test/settlesWithin.js';
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
    const answering = get('/health/ready');
    expect(await settlesWithin(2_500, answering)).toBe(true);
    const answer = await answering;
    expect([answer.status, await answer.json()]).toMatchObject([503, { status: 'not-ready' }]);
  });

  it('F-32 is not ready while the process is stopping', async () => {
    stopping = true;
    const answer = await get('/health/ready');
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'stopping', checks: {} }]);
  });
});

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import express from 'express';
import { settlesWithin } from '../../test/settlesWithin.js';
import { until } from '../../test/until.js';
import type { Readiness } from '../readiness.js';
import { type Listening, listen } from './listen.js';
import { probes } from './probes.js';

let readiness: () => Promise<Readiness>;
let stopping: boolean;
let arrived: number;
let listening: Listening;

const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${listening.port}${path}`);

beforeEach(async () => {
  readiness = async () => ({ ready: true, checks: {} });
  stopping = false;
  arrived = 0;
  const app = express().use(
    (_request, _response, next) => {
      arrived += 1;
      next();
    },
    probes(
      () => readiness(),
      () => stopping,
    ),
  );
  listening = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterEach(() => {
  jest.restoreAllMocks();
  return listening.close();
});

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

  it('R-01 checks once for all that ask within a quarter of a second, and again after it', async () => {
    let checks = 0;
    let answer = (): void => undefined;
    readiness = async () => {
      checks += 1;
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return { ready: checks === 1, checks: {} };
    };
    const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    const answers = Array.from({ length: 20 }, () => get('/health/ready'));
    await until(() => checks === 1);
    clock.mockReturnValue(2_500);
    answers.push(get('/health/ready'));
    await until(() => arrived === 21);
    answer();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(21).fill(200));
    expect(checks).toBe(1);
    readiness = async () => ({ ready: false, checks: {} });
    expect((await get('/health/ready')).status).toBe(503);
    readiness = async () => ({ ready: true, checks: {} });
    clock.mockReturnValue(2_749);
    expect((await get('/health/ready')).status).toBe(503);
    clock.mockReturnValue(2_750);
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('F-32 is not ready while the process is stopping', async () => {
    stopping = true;
    const answer = await get('/health/ready');
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'stopping', checks: {} }]);
  });
});

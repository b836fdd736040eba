import { describe, expect, it, jest } from '@jest/globals';
import { waitOf } from '@ums/kit/wait';
import type { NextFunction, Request, Response } from 'express';
import { refuseUntilReconciled } from './refuseUntilReconciled.js';

const request = async (handle: ReturnType<typeof refuseUntilReconciled>): Promise<string> => {
  const next = jest.fn();
  try {
    await handle({} as Request, {} as Response, next as unknown as NextFunction);
  } catch (error) {
    return String(error);
  }
  return next.mock.calls.length === 1 ? 'passed' : 'neither passed nor refused';
};
const REFUSED = 'DependencyUnavailable: reconciler is unavailable';

describe('refuseUntilReconciled', () => {
  it('G-03 refuses requests until the vault agrees with the log, then passes them without asking again', async () => {
    const answers = [false, false, true];
    const ready = jest.fn(async () => answers.shift() ?? false);
    const handle = refuseUntilReconciled({ ready });
    const outcomes = [];
    for (let turn = 0; turn < 5; turn++) outcomes.push(await request(handle));
    expect(outcomes).toEqual([REFUSED, REFUSED, 'passed', 'passed', 'passed']);
    expect(ready).toHaveBeenCalledTimes(3);
  });

  it('F-03 refuses while the vault cannot tell, or hangs', async () => {
    const down = refuseUntilReconciled({ ready: () => Promise.reject(new Error('down')) });
    const hanging = refuseUntilReconciled({ ready: () => new Promise(() => undefined) }, 1);
    expect([await request(down), await request(hanging)]).toEqual([REFUSED, REFUSED]);
    const refusal = await Promise.resolve(hanging({} as Request, {} as Response, () => undefined)).catch(waitOf);
    expect(refusal).toMatchObject({ dependency: 'reconciler', limit: expect.stringContaining('not yet at the head') });
  });
});

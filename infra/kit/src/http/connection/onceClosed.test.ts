import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import { onceClosed } from './onceClosed.js';

const responseThat = (state: Partial<Pick<Response, 'closed' | 'destroyed'>>) =>
  Object.assign(new EventEmitter(), state) as unknown as Response;

let calls: number;
const count = (): void => {
  calls += 1;
};
beforeEach(() => {
  calls = 0;
});

describe('onceClosed', () => {
  it('calls back once when the response closes', () => {
    const response = responseThat({});
    onceClosed(response, count);
    expect(calls).toBe(0);
    for (let closes = 0; closes < 2; closes += 1) response.emit('close');
    expect(calls).toBe(1);
  });

  it.each([{ closed: true }, { destroyed: true }])('calls back at once for a response that is %p', (state) => {
    onceClosed(responseThat(state), count);
    expect(calls).toBe(1);
  });

  it('calls nothing after it was stopped', () => {
    const response = responseThat({});
    onceClosed(response, count)();
    response.emit('close');
    expect(calls).toBe(0);
  });
});

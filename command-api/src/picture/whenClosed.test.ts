import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import { whenClosed } from './whenClosed.js';

const responseThat = (closed: boolean, destroyed = closed) =>
  Object.assign(new EventEmitter(), { closed, destroyed }) as unknown as Response;
const neverFails = (error: unknown): void => {
  throw error;
};

let freed: number;
const free = async (): Promise<void> => {
  freed += 1;
};
beforeEach(() => {
  freed = 0;
});

describe('whenClosed', () => {
  it('frees once the response is closed', () => {
    const response = responseThat(false);
    whenClosed(response, free, neverFails);
    expect(freed).toBe(0);
    response.emit('close');
    response.emit('close');
    expect(freed).toBe(1);
  });

  it('frees at once when the client has disconnected already', () => {
    whenClosed(responseThat(true), free, neverFails);
    whenClosed(responseThat(false, true), free, neverFails);
    expect(freed).toBe(2);
  });

  it('reports what cannot be freed', async () => {
    const error = await new Promise((resolve) => {
      whenClosed(responseThat(true), () => Promise.reject(new Error('EIO')), resolve);
    });
    expect(error).toEqual(new Error('EIO'));
  });
});

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { watchAnswers } from '@ums/kit/http/connection/whenAnswered';
import express, { type Response } from 'express';
import { whenOver } from './whenOver.js';

const app = express();
watchAnswers(app);

const openResponse = (): Response =>
  Object.setPrototypeOf(new ServerResponse(new IncomingMessage(new Socket())), app.response);
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

describe('whenOver', () => {
  it.each<[string, (response: Response) => unknown]>([
    ['its client disconnects', (response) => response.emit('close')],
    ['it is answered, before the client has read the answer', (response) => response.end()],
    ['its answer begins', (response) => response.writeHead(200)],
  ])('frees once when %s', (_, happens) => {
    const response = openResponse();
    whenOver(response, free, neverFails);
    expect(freed).toBe(0);
    happens(response);
    response.emit('close');
    response.end();
    expect(freed).toBe(1);
  });

  it('frees at once when the client has disconnected already', () => {
    const response = openResponse().destroy();
    whenOver(response, free, neverFails);
    response.end();
    expect(freed).toBe(1);
  });

  it('reports what cannot be freed', async () => {
    const error = await new Promise((resolve) => {
      const response = openResponse();
      whenOver(response, () => Promise.reject(new Error('EIO')), resolve);
      response.end();
    });
    expect(error).toEqual(new Error('EIO'));
  });
});

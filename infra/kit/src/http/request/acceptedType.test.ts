import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { acceptedType } from './acceptedType.js';

const app = express();
app.get('/', (request, response) => {
  response.json(acceptedType(request, ['application/json', 'text/csv']) ?? null);
});
const server = createServer(app);
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('acceptedType', () => {
  it.each([
    ['application/json; charset=utf-8', 'application/json'],
    ['text/csv;header=present', 'text/csv'],
    ['text/csv; charset="utf-8;x,y" ;q=0.9', 'text/csv'],
    ['text/*;level=1, application/json;charset=utf-8;q=0.5', 'text/csv'],
    ['application/json;q=0.5;charset=utf-8, text/csv;q=0.9', 'text/csv'],
    ['text/csv;x="a\\"b, application/json;q=0", image/png', 'text/csv'],
    ['*/*', 'application/json'],
    ['image/png;q=1, application/json;q=0', null],
  ])('takes no parameter for another type: %s', async (accept, type) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await (await fetch(url, { headers: { accept } })).json()).toBe(type);
  });
});

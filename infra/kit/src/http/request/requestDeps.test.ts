import { describe, expect, it, jest } from '@jest/globals';
import type { Request, Response } from 'express';
import { requestDeps } from './requestDeps.js';

interface Deps {
  name: string;
}

class Controller {
  status = 200;
  constructor(readonly deps: Deps) {}
}

const aRequest = (): Request => ({}) as Request;

/** Passes a request through the router of a service with these dependencies. */
const pass = (bindDeps: (deps: Deps) => (...args: [Request, Response, () => void]) => unknown, deps: Deps): Request => {
  const request = aRequest();
  const next = jest.fn();
  bindDeps(deps)(request, {} as Response, next);
  expect(next).toHaveBeenCalledTimes(1);
  expect(next).toHaveBeenCalledWith();
  return request;
};

describe('requestDeps', () => {
  it('returns the dependencies bound to a request', () => {
    const { bindDeps, depsOf } = requestDeps<Deps>();
    const deps = { name: 'service' };
    expect(depsOf(pass(bindDeps, deps))).toBe(deps);
  });

  it('keeps two instances of one service apart', () => {
    const { bindDeps, depsOf } = requestDeps<Deps>();
    const [first, second] = [{ name: 'first' }, { name: 'second' }];
    const requests = [pass(bindDeps, first), pass(bindDeps, second), pass(bindDeps, first)];
    expect(requests.map((request) => depsOf(request).name)).toEqual(['first', 'second', 'first']);
  });

  it('keeps two services in one process apart', () => {
    const [one, other] = [requestDeps<Deps>(), requestDeps<Deps>()];
    const request = pass(one.bindDeps, { name: 'one' });
    expect(() => other.depsOf(request)).toThrow(/router/);
  });

  it('throws for a request that did not pass the router', () => {
    const { depsOf, iocContainer } = requestDeps<Deps>();
    expect(() => depsOf(aRequest())).toThrow(/router/);
    expect(() => iocContainer(aRequest()).get(Controller)).toThrow(/router/);
  });

  it('makes a new controller for each request, with its dependencies', () => {
    const { bindDeps, iocContainer } = requestDeps<Deps>();
    const deps = { name: 'service' };
    const [first, second] = [1, 2].map(() => iocContainer(pass(bindDeps, deps)).get<Controller>(Controller));
    if (first === undefined || second === undefined) throw new Error('no controller');
    expect(first).toBeInstanceOf(Controller);
    expect(first.deps).toBe(deps);
    first.status = 404;
    expect(second.status).toBe(200);
  });
});

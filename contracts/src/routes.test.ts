import { describe, expect, it } from '@jest/globals';
import { sourceSubject } from './metadata.js';
import { isRole, ROLES } from './roles.js';
import { ROUTES } from './routes.js';

describe('the table of routes', () => {
  it('lists each route once, with existing roles', () => {
    expect(new Set(ROUTES.map(({ method, path }) => `${method} ${path}`)).size).toBe(ROUTES.length);
    for (const { access } of ROUTES) if (Array.isArray(access)) expect(access.every(isRole)).toBe(true);
  });

  it('assigns changes, /auth and the list of sessions to command-api, and other reads to query-api', () => {
    const readsOfCommandApi = /^\/(auth\/|user\/sessions$)/;
    for (const { method, path, owner } of ROUTES)
      expect([path, owner]).toEqual([
        path,
        method === 'get' && !readsOfCommandApi.test(path) ? 'query-api' : 'command-api',
      ]);
  });

  it('Z-02 has no public route outside /auth, but those of persons without an account and of the mail provider', () => {
    const outside = ROUTES.filter(({ access, path }) => access === 'public' && !path.startsWith('/auth/'));
    expect(outside.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'post /hooks/ses',
      'get /erasures/{receipt}',
    ]);
  });
});

describe('roles', () => {
  it('are these four words, and no inherited property name', () => {
    expect(ROLES.every(isRole)).toBe(true);
    for (const other of ['root', 'Admin', 'constructor', '', undefined, 0]) expect(isRole(other)).toBe(false);
  });
});

describe('the source of a request', () => {
  it('is sealed for the actor, or for the subject of the stream when the actor has no key', () => {
    expect(sourceSubject({ kind: 'admin', id: 'a' }, 's')).toBe('a');
    expect(sourceSubject({ kind: 'user', id: 'u' }, 's')).toBe('u');
    expect(sourceSubject({ kind: 'anonymous' }, 's')).toBe('s');
    expect(sourceSubject({ kind: 'service', id: 'keeper' }, undefined)).toBeUndefined();
  });
});

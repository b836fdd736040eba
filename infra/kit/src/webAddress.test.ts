import { describe, expect, it } from '@jest/globals';
import { parseEnv } from './env.js';
import { baseUrl, origins, pageUrl } from './webAddress.js';

const publicUrl = (PUBLIC_URL: string) => parseEnv({ PUBLIC_URL: baseUrl() }, { PUBLIC_URL }).PUBLIC_URL;
const allowed = (CORS_ORIGINS: string) => parseEnv({ CORS_ORIGINS: origins([]) }, { CORS_ORIGINS }).CORS_ORIGINS;

describe('webAddress', () => {
  it('accepts http and https with a path and drops trailing slashes', () => {
    expect(publicUrl('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080');
    expect(publicUrl('https://id.example.org/users//')).toBe('https://id.example.org/users');
    expect(publicUrl('https://id.example.org/@us')).toBe('https://id.example.org/@us');
    expect(publicUrl('HTTPS://ID.example.org/"><x')).toBe('https://id.example.org/%22%3E%3Cx');
  });

  it.each([
    'nowhere',
    'ftp://id.example.org',
    'javascript:alert(1)',
    'localhost:8080',
    '//id.example.org',
    'https:id.example.org',
    'https:///id.example.org',
    'https:\\\\id.example.org',
    'https://id.\texample.org',
    'https://id.example.org/a b',
  ])('rejects %s', (value) => expect(() => publicUrl(value)).toThrow('PUBLIC_URL must be an http: or https: URL'));

  it.each([
    'https://id.example.org/?a=b',
    'https://id.example.org/#a',
    'https://ada:pw@id.example.org',
    'https://@id.example.org',
  ])('rejects %s, to which no path can be appended', (value) =>
    expect(() => publicUrl(value)).toThrow('PUBLIC_URL must have no query, fragment or user in it'),
  );

  it('refuses two slashes before the path, which would lead to another host', () => {
    expect(() => publicUrl('https://example.org//accounts')).toThrow('PUBLIC_URL must have one slash before its path');
    expect(publicUrl('https://example.org/a//b/')).toBe('https://example.org/a//b');
  });
});

describe('pageUrl', () => {
  const page = (APP_URL: string) => parseEnv({ APP_URL: pageUrl() }, { APP_URL }).APP_URL;

  it('keeps path, query and fragment', () => {
    expect(page('https://app.example.org')).toBe('https://app.example.org/');
    expect(page('https://app.example.org/start/?from=mail#/log-in')).toBe(
      'https://app.example.org/start/?from=mail#/log-in',
    );
  });

  it.each(['javascript:alert(1)', 'app.example.org', 'https:///app', 'https://app.example.org/a b'])(
    'rejects %s',
    (value) => expect(() => page(value)).toThrow('APP_URL must be an http: or https: URL'),
  );

  it('rejects a user', () => {
    expect(() => page('https://ada:pw@app.example.org/')).toThrow('APP_URL must have no user in it');
  });
});

describe('origins', () => {
  it('normalizes a list to the form that browsers send', () => {
    expect(allowed(' https://a.example , ,HTTPS://B.example/,http://localhost:3000')).toEqual([
      'https://a.example',
      'https://b.example',
      'http://localhost:3000',
    ]);
    expect(allowed(' ')).toEqual([]);
  });

  it('takes origins of applications in a web view, and of extensions', () => {
    const apps = [
      'capacitor://localhost',
      'app://-',
      'app://.',
      'safari-web-extension://0F0F-AA',
      'chrome-extension://abcd',
    ];
    expect(allowed(apps.join())).toEqual(apps);
    expect(allowed('Capacitor://localhost/')).toEqual(['capacitor://localhost']);
  });

  it.each([
    ...['*', 'null', 'a.example', 'https://*.example', 'https://a.example/app', 'ftp://a.example'],
    ...['file://localhost', 'javascript://a', 'capacitor://*', 'capacitor:localhost', 'app://a b'],
  ])('H-01 rejects %s, which is not one specific origin', (value) =>
    expect(() => allowed(value)).toThrow('CORS_ORIGINS must be origins like'),
  );
});

import { describe, expect, it } from '@jest/globals';
import { welcome } from './welcome.js';

describe('welcome', () => {
  it('names the URLs and three calls that can be pasted', () => {
    const text = welcome({ api: 'http://127.0.0.1:8080', inbox: 'http://127.0.0.1:8025' });
    expect(text).toContain('API docs  http://127.0.0.1:8080/apidocs/\n');
    expect(text).toContain('Inbox     http://127.0.0.1:8025/\n');
    expect(text.match(/curl -s http:\/\/127\.0\.0\.1:8080\/api\/v1\/\S+/g)).toHaveLength(3);
    for (const [, body] of text.matchAll(/-d '([^']*)'/g)) expect(() => JSON.parse(body ?? '')).not.toThrow();
  });
});

import { describe, expect, it } from '@jest/globals';
import { welcome } from './welcome.js';

describe('welcome', () => {
  it('names the URLs and three calls that can be pasted', () => {
    const text = welcome({ api: 'http://127.0.0.1:8080', inbox: 'http://127.0.0.1:8025', engines: {} });
    expect(text).toContain('API docs  http://127.0.0.1:8080/apidocs/\n');
    expect(text).toContain('Inbox     http://127.0.0.1:8025/\n');
    expect(text.match(/curl -s http:\/\/127\.0\.0\.1:8080\/api\/v1\/\S+/g)).toHaveLength(3);
    for (const [, body] of text.matchAll(/-d '([^']*)'/g)) expect(() => JSON.parse(body ?? '')).not.toThrow();
  });

  it('names the real engines that were started', () => {
    const kafka = { brokers: '127.0.0.1:9092', version: '4.4.0', pid: 12 };
    const openSearch = { url: 'http://127.0.0.1:9200', version: '2.19.6', pid: 13 };
    const engines = { realEngines: { kafka, openSearch } } as unknown as Parameters<typeof welcome>[0]['engines'];
    const text = welcome({ api: 'http://127.0.0.1:8080', inbox: 'http://127.0.0.1:8025', engines });
    expect(text).toContain('Kafka     127.0.0.1:9092 (Kafka 4.4.0, pid 12)\n');
    expect(text).toContain('Logs      http://127.0.0.1:9200 (OpenSearch 2.19.6, pid 13)\n');
  });
});

import { describe, expect, it } from '@jest/globals';
import { loggerTo } from '../../test/logShippingTestbed.js';
import { withAdmin } from './withAdmin.js';

describe('a client of Kafka where TLS is required', () => {
  it('K-04 opens no connection in plain text to a broker elsewhere', async () => {
    const lines: string[] = [];
    const settings = { brokers: ['192.0.2.1:9092'], requireTls: true, clientId: 'test', log: loggerTo(lines) };
    const error = await withAdmin(settings, (admin) => admin.listTopics()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ dependency: 'kafka' });
    expect(String((error as Error).cause)).toContain('plain text is refused');
  });
});

import { describe, expect, it } from '@jest/globals';
import { readArguments } from './readArguments.js';

describe('the arguments of npm start', () => {
  it('may be none, or --engines', () => {
    expect(readArguments([], {})).toEqual({ withEngines: false });
    expect(readArguments(['--engines'], { KAFKA_BROKERS: ' ' })).toEqual({ withEngines: true });
  });

  it.each([['--engine'], ['engines'], [''], ['--engines=all'], ['-h']])('do not include %j', (arg) => {
    const sentence = `npm start accepts no argument ${JSON.stringify(arg)}, only --engines.`;
    for (const args of [[arg], ['--engines', arg]])
      expect(() => readArguments(args, {})).toThrow(expect.objectContaining({ message: sentence, printable: true }));
  });

  it('do not allow engines of the caller beside those that are started', () => {
    const env = { KAFKA_BROKERS: 'kafka:9092', OPENSEARCH_URL: 'http://127.0.0.1:9200' };
    expect(readArguments([], env)).toEqual({ withEngines: false });
    for (const [given, names] of [
      [{ KAFKA_BROKERS: env.KAFKA_BROKERS }, 'KAFKA_BROKERS'],
      [{ OPENSEARCH_URL: env.OPENSEARCH_URL }, 'OPENSEARCH_URL'],
      [env, 'KAFKA_BROKERS and OPENSEARCH_URL'],
    ] as const)
      expect(() => readArguments(['--engines'], given)).toThrow(
        `--engines starts Kafka and OpenSearch, so ${names} must not be set.`,
      );
  });
});

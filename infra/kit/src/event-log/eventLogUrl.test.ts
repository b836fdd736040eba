import { describe, expect, it } from '@jest/globals';
import { ConfigFault, type Environment, parseEnv } from '../env.js';
import { eventLogUrl } from './eventLogUrl.js';

const faultsOf = (EVENTSTORE_URL: string, env: Environment = {}): readonly string[] => {
  try {
    parseEnv({ EVENTSTORE_URL: eventLogUrl() }, { EVENTSTORE_URL, ...env });
    return [];
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
};

describe('EVENTSTORE_URL', () => {
  it.each([
    'esdb://127.0.0.1:2113?tls=false',
    'esdb://127.0.0.1:2113?TLS=false',
    'esdb+discover://writer:p%40ss@log.example',
    'esdb://writer:secret@a.example:2113,b.example:2113?nodePreference=leader',
  ])('is accepted: %s', (url) => expect(faultsOf(url)).toEqual([]));

  it.each([
    ['"esdb://writer:secret@log.example?tls=false"', 'must begin with esdb:// or esdb+discover://'],
    ['http://writer:secret@log.example:2113', 'must begin with esdb:// or esdb+discover://'],
    ['esdb://log.example:2113', 'needs a user and a password unless it says tls=false'],
    ['esdb://admin:changeit@log.example', 'has the password that EventStoreDB comes with; change it there first'],
    ['esdb://writer:secret@?tls=maybe', 'is not a connection string for EventStoreDB'],
    ...['esdb://[::1]:2113?tls=false', 'esdb://writer:secret@a:2113,[::1]:2113'].map(
      (url) =>
        [url, 'has an IPv6 address in brackets, which the client of EventStoreDB does not take; use a name'] as const,
    ),
  ])('K-01 is refused with the other faults of a configuration: %s', (url, fault) => {
    expect(faultsOf(url)).toEqual([`EVENTSTORE_URL ${fault}`]);
  });

  it('K-04 of another scheme is not told to remove tls=false', () => {
    expect(faultsOf('http://log.example:2113', { REQUIRE_TLS: 'true' })).toEqual([
      'EVENTSTORE_URL must begin with esdb:// or esdb+discover://',
    ]);
  });
});

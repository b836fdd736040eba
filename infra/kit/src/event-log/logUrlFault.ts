import { EventStoreDBClient } from '@eventstore/db-client';
import { logUrlParts } from './logUrlParts.js';

export const NO_LOG_URL = 'must begin with esdb:// or esdb+discover://';

export const isLogUrl = (url: string): boolean => /^esdb(\+discover)?:\/\//.test(url);

/** Password of the accounts `admin` and `ops` on a new server, publicly known (ASVS 6.3.2). */
const DEFAULT_PASSWORD = 'changeit';

const CREDENTIALS = /^[a-z+]+:\/\/([^:@/]+):([^@/]*)@/;

/** Name and password, as they are escaped in the URL; `undefined` when it has none. */
export const credentialsIn = (url: string): readonly [username: string, password: string] | undefined => {
  const [, username, password] = CREDENTIALS.exec(url) ?? [];
  return username === undefined || password === undefined ? undefined : [username, password];
};

/** Why the URL cannot be used, as the rest of a sentence after its name and without its parts; `undefined` when it can be. */
export const logUrlFault = (url: string): string | undefined => {
  if (!isLogUrl(url)) return NO_LOG_URL;
  const credentials = credentialsIn(url);
  if (credentials === undefined && logUrlParts(url).parameter('tls') !== 'false')
    return 'needs a user and a password unless it says tls=false';
  if (credentials?.[1] === DEFAULT_PASSWORD)
    return 'has the password that EventStoreDB comes with; change it there first';
  try {
    EventStoreDBClient.connectionString(url);
    return undefined;
  } catch {
    // The client's own error message contains the URL with its password.
    return /[/@,]\[/.test(url)
      ? 'has an IPv6 address in brackets, which the client of EventStoreDB does not take; use a name'
      : 'is not a connection string for EventStoreDB';
  }
};

const LIMITS = [
  'REQUESTS_PER_SOURCE',
  'CHANGES_PER_USER',
  'READS_PER_AUDITOR',
  'FAILURES_PER_ACCOUNT_AND_SOURCE',
  'FAILURES_PER_ACCOUNT',
  'FAILURES_PER_SOURCE',
  'MAILS_PER_ADDRESS_AND_SOURCE',
  'MAILS_PER_ADDRESS',
  'MAILS_PER_SOURCE',
];

/** Environment that raises the service's abuse limits above any load of the bench. */
export const HIGH_LIMITS: Readonly<Record<string, string>> = Object.fromEntries(
  LIMITS.map((name) => [`LIMIT_${name}`, '100000']),
);

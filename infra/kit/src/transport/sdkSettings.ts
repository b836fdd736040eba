/**
 * Options that the AWS SDK would otherwise read from `AWS_*` variables or a profile. Those may be meant for another program, and make
 * calls fail or be signed in another way.
 */
export const SDK_SETTINGS = {
  // The storage and the mails have rules of their own for a second try.
  maxAttempts: 1,
  retryMode: 'standard',
  defaultsMode: 'standard',
  authSchemePreference: ['sigv4'] as string[],
  sigv4aSigningRegionSet: [] as string[],
  disableClockSkewCorrection: false,
  userAgentAppId: 'user-management-service',
} as const;

/**
 * What the AWS SDK would otherwise take from variables or a profile that are meant for other programs, and fail or sign otherwise with.
 * The services repeat calls themselves.
 */
export const SDK_SETTINGS = {
  maxAttempts: 1,
  retryMode: 'standard',
  defaultsMode: 'standard',
  authSchemePreference: ['sigv4'] as string[],
  sigv4aSigningRegionSet: [] as string[],
  disableClockSkewCorrection: false,
  userAgentAppId: 'user-management-service',
} as const;

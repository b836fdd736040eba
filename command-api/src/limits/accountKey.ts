/** What limits know an account by: its address's MAC, for unknown addresses alike. */
export const accountKey = (addressMac: Buffer): string => addressMac.toString('base64url');

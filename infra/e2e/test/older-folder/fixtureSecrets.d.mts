export function fixtureSecrets(): Record<string, string>;

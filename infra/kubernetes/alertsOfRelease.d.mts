export function alertsOfRelease(text: string, jobs: readonly string[]): string;

export function faultSuites(root: string): Promise<string[]>;

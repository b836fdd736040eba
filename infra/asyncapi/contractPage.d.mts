export function contractPage(document: object): string;

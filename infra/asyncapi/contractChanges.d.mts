export function contractChanges(released: object, current: object): { breaking: string[]; compatible: string[] };

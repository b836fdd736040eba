import type { ContractParts } from './contractFiles.mjs';

export function schemaTypes(parts: Pick<ContractParts, 'schemas' | 'headers' | 'checkpointHeaders'>): string;

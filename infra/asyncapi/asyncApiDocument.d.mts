import type { ContractParts } from './contractFiles.mjs';

interface DeclaredTopic {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

export function asyncApiDocument(
  parts: ContractParts & { topics: readonly DeclaredTopic[]; license: string },
): Record<string, unknown>;

import type { Schema } from './topicsOf.mjs';

export interface Sample {
  topic: string;
  key: string;
  headers: Readonly<Record<string, string>>;
  value: unknown;
}

export interface ContractParts {
  schemas: Readonly<Record<string, Schema>>;
  headers: Schema;
  /** Of checkpoints, which are about no user. */
  checkpointHeaders: Schema;
  samples: Readonly<Record<string, Sample>>;
}

export const DOCUMENT: string;
export const RELEASED: string;
export const TYPES: string;
export function readJson(path: string): Promise<Record<string, unknown>>;
export function readContractParts(): Promise<ContractParts>;

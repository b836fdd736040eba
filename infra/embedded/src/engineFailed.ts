import { StartRefused } from '@ums/kit/startRefused';

/** An embedded engine or the data folder cannot be used; the message is one sentence fit for a terminal, without secrets. */
export class EngineFailed extends StartRefused {
  override readonly name = 'EngineFailed';
}

/** The `code` of a system or SQL error (`EACCES`, `28P01`), or undefined. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

import { StartRefused } from '@ums/kit/startRefused';

/** An embedded engine or the data folder is not usable; the message is one sentence for the terminal, without secrets. */
export class EngineFailed extends StartRefused {
  override readonly name = 'EngineFailed';
}

/** The `code` of a system or SQL error (`EACCES`, `28P01`); undefined when there is none. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

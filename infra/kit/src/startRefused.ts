/** The process cannot start. The message is one sentence for the operator, without secrets. */
export class StartRefused extends Error {
  override readonly name: string = 'StartRefused';
  readonly printable = true;
}

/** Whether the message of an error was written for the operator and may be printed. */
export const isOperatorError = (error: unknown): error is Error & { printable: true } =>
  error instanceof Error && 'printable' in error && error.printable === true;

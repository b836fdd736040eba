/** The process must not start; the message is one sentence for the operator, without secrets. */
export class StartRefused extends Error {
  override readonly name: string = 'StartRefused';
  readonly printable = true;
}

/** Whether an error's message was written for the operator's terminal (`printable`), whatever its class. */
export const isPrintable = (error: unknown): error is Error & { printable: true } =>
  error instanceof Error && 'printable' in error && error.printable === true;

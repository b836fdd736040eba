/** What was given does not verify. The message is one sentence for the reader and quotes no data of events. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/** An argument or a file cannot be used, so that nothing was verified. The message is one sentence for the reader. */
export class UnusableInput extends Error {
  override readonly name = 'UnusableInput';
}

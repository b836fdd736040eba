/** The service or the connection failed for now: the replay goes on after the last record, once `retryAfterMs` is over. */
export class Interruption extends Error {
  override readonly name = 'Interruption';

  /** @param message one sentence for the operator. */
  constructor(
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

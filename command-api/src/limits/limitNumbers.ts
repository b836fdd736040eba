/** How much is too much. Defaults are in `config.ts`. */
export interface LimitNumbers {
  /** Consecutive failures per account and source before each further one has to wait longer. */
  failuresPerAccountAndSource: number;
  /** The same per account, whatever the sources. NIST SP 800-63B-4 §3.2.2 allows at most 100. */
  failuresPerAccount: number;
  /** Failures per source in 15 minutes. */
  failuresPerSource: number;
  /** Mails in an hour per address and source, per address, and per source. */
  mailsPerAddressAndSource: number;
  mailsPerAddress: number;
  mailsPerSource: number;
}

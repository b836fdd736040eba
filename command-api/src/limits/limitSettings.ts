/** The configured limits. Defaults are in `config.ts`. */
export interface LimitSettings {
  /** Consecutive failures per account and source; from this number on, each failure doubles the delay. */
  failuresPerAccountAndSource: number;
  /** The same per account, from all sources. NIST SP 800-63B-4 §3.2.2 allows at most 100. */
  failuresPerAccount: number;
  /** Failures per source in 15 minutes. */
  failuresPerSource: number;
  /** Mails per hour. */
  mailsPerAddressAndSource: number;
  /** Mails per hour, from all sources. */
  mailsPerAddress: number;
  /** Mails per hour, to all addresses. */
  mailsPerSource: number;
}

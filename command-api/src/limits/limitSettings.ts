/** The configured limits. Defaults are in `config.ts`. */
export interface LimitSettings {
  /** Consecutive failures per account and source; from this number on, each failure doubles the delay. */
  failuresPerAccountAndSource: number;
  /** The same per account, from all sources. NIST SP 800-63B-4 §3.2.2 allows at most 100. */
  failuresPerAccount: number;
  /** Failures per source in 15 minutes. */
  failuresPerSource: number;
  /** Requests per hour that cause a mail. One to send again counts once, however many registrations wait, which no answer may show. */
  mailsPerAddressAndSource: number;
  /** The same per address, from all sources. */
  mailsPerAddress: number;
  /** The same per source, to all addresses. */
  mailsPerSource: number;
}

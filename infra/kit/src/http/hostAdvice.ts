/** Codes of `listen` for a name that is not resolved, and for an address of another machine. */
const NOT_OURS = ['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL'];

/** What an operator can do where a port cannot be opened because of the setting `HOST`; '' for other reasons. Some shells set it. */
export const hostAdvice = (code: string | undefined): string =>
  NOT_OURS.includes(code ?? '') ? ' HOST must be an address of this machine; without it, 127.0.0.1 is used.' : '';

import { StartRefused } from '@ums/kit/startRefused';

interface Advisory {
  title: string;
  url: string;
}

/** What `npm audit --json` prints: a report, or the answer of a registry that has none. */
interface Printed {
  metadata?: { dependencies: { total: number } };
  /** By the name of the package; in `via`, the name of a dependency stands for its advisories. */
  vulnerabilities?: Record<string, { severity: string; range: string; via: readonly (Advisory | string)[] }>;
  message?: string;
  uri?: string;
  statusCode?: number;
}

export interface Audit {
  /** Packages that were looked at. */
  total: number;
  /** One line for each package with a vulnerability of severity high or critical. */
  findings: readonly string[];
}

/** What a registry without the service answers, such as a mirror that only reads. */
const NO_SERVICE: readonly (number | undefined)[] = [404, 405, 501];
const REFUSED = ['high', 'critical'];

const causesOf = (via: readonly (Advisory | string)[]): string =>
  via.map((cause) => (typeof cause === 'string' ? `by ${cause}` : `${cause.title}, ${cause.url}`)).join('; ');

/**
 * Reads what `npm audit --json` has printed.
 * @returns the URL of the service instead, where the registry has none
 * @throws StartRefused when the registry could not be asked or answered with an error
 */
export const readAudit = (printed: string): Audit | { withoutService: string } => {
  const { metadata, vulnerabilities = {}, message, uri = '', statusCode } = JSON.parse(printed) as Printed;
  if (metadata !== undefined)
    return {
      total: metadata.dependencies.total,
      findings: Object.entries(vulnerabilities)
        .filter(([, { severity }]) => REFUSED.includes(severity))
        .map(([name, { severity, range, via }]) => `${name} ${range}: ${severity}: ${causesOf(via)}`),
    };
  if (NO_SERVICE.includes(statusCode)) return { withoutService: uri };
  throw new StartRefused(`The registry could not be asked for vulnerabilities: ${message ?? 'npm gave no reason'}`);
};

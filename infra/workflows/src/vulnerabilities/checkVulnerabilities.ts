import { execFile } from 'node:child_process';
import { StartRefused } from '@ums/kit/startRefused';
import { UNAVAILABLE } from '../unavailable.js';
import { readAudit } from './readAudit.js';

const MAX_OUTPUT = 50 * 2 ** 20;

/** `npm audit` ends with an error where it has found something, too: its output says which. */
const npmAudit = (root: string, env: NodeJS.ProcessEnv): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile('npm', ['audit', '--json'], { cwd: root, env, maxBuffer: MAX_OUTPUT }, (error, stdout) => {
      if (stdout.trim() !== '') resolve(stdout);
      else reject(new StartRefused(`npm audit has printed nothing: ${error?.message}`));
    });
  });

export interface Checked {
  text: string;
  /** UNAVAILABLE where the registry has no service for it, so that nothing is known. */
  exitCode: 0 | typeof UNAVAILABLE;
}

/**
 * Asks the registry for known vulnerabilities of the locked packages.
 * @param root folder of `package-lock.json`
 * @throws StartRefused when one is high or critical, and when the registry does not answer
 */
export const checkVulnerabilities = async (root: string, env = process.env): Promise<Checked> => {
  const audit = readAudit(await npmAudit(root, env));
  if ('withoutService' in audit)
    return {
      text: `Nothing was checked: the registry has no audit service (${audit.withoutService}).`,
      exitCode: UNAVAILABLE,
    };
  if (audit.findings.length > 0) throw new StartRefused(audit.findings.join('\n'));
  return { text: `No vulnerability of ${audit.total} packages is known to be high or critical.`, exitCode: 0 };
};

import { ALLOWED, EXCEPTIONS, type LicenceException } from './allowedLicences.js';
import { BadLicenceExpression, isSatisfied } from './spdx.js';

export interface LockedPackage {
  /** The folder below the root, such as `node_modules/a/node_modules/b`. */
  path: string;
  name: string;
  version: string;
  /** What the manifest says: an expression of SPDX, or words. */
  licence: string | undefined;
}

/**
 * What is wrong with the licences of packages, one sentence each: a licence that is neither allowed nor excepted, and an
 * exception that no package needs.
 */
export const licenceProblems = (
  packages: readonly LockedPackage[],
  exceptions: readonly LicenceException[] = EXCEPTIONS,
): string[] => {
  const needed = new Set<LicenceException>();
  const problems = packages.flatMap((each) => {
    const fitting = exceptions.filter((exception) => fits(exception, each.name));
    // Every name in an expression, or the words as a whole, needs to be allowed or the licence of an exception.
    const isAllowed = (licence: string): boolean => {
      if (ALLOWED.has(licence)) return true;
      const exception = fitting.find((one) => one.licence === licence);
      if (exception !== undefined) needed.add(exception);
      return exception !== undefined;
    };
    if (isLicensed(each, fitting, isAllowed, needed)) return [];
    return [`${each.name} ${each.version} has the licence ${each.licence ?? '(none given)'} (${each.path}).`];
  });
  const idle = exceptions.filter((exception) => !needed.has(exception));
  return [...problems, ...idle.map((one) => `No package needs the exception for ${one.package} (${one.licence}).`)];
};

const isLicensed = (
  { licence }: LockedPackage,
  fitting: readonly LicenceException[],
  isAllowed: (licence: string) => boolean,
  needed: Set<LicenceException>,
): boolean => {
  const whole = fitting.find((exception) => exception.licence === licence);
  if (whole !== undefined) needed.add(whole);
  if (whole !== undefined || licence === undefined) return whole !== undefined;
  try {
    return isSatisfied(licence, isAllowed);
  } catch (error) {
    // Words that are no expression are a licence that nobody has allowed.
    if (error instanceof BadLicenceExpression) return false;
    throw error;
  }
};

const fits = ({ package: pattern }: LicenceException, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

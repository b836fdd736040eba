/** The scripts of `package.json` that `checks.yml` runs, in order. */
export const COMMANDS = [
  'build',
  'format',
  'lint',
  'types',
  'layers',
  'unused',
  'unit',
  'contract:check',
  'workflows:lint',
];
/** Those of `supply-chain.yml`. */
export const SUPPLY_CHAIN = ['vulnerabilities', 'licences', 'secrets', 'sbom'];

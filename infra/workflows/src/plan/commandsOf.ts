/** The commands of a shell script without control flow, one text each: `npm ci && npm test` has two. */
export const commandsOf = (script: string): string[] =>
  script
    .replaceAll('\\\n', ' ')
    .split(/\n|&&|\|\|?|;/)
    .map((command) => command.trim())
    .filter((command) => command !== '' && !command.startsWith('#'));

/** The words of a command without quotes, for example `['npm', 'run', '-s', 'smoke', '--', '$PUBLIC_URL']`. */
export const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');

/** The script of `package.json` that a command runs; undefined where it runs another program. */
export const npmScriptOf = (command: string): string | undefined => {
  const [program, verb, ...rest] = wordsOf(command);
  if (program !== 'npm') return undefined;
  if (verb === 'test' || verb === 'start') return verb;
  return verb === 'run' ? rest.find((word) => !word.startsWith('-')) : undefined;
};

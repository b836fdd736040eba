import { StartRefused } from '@ums/kit/startRefused';

/**
 * Runs a command that takes no arguments. An operator who asks for its help, or mistypes, must not get its work.
 * @throws StartRefused with the usage; errors of the command.
 */
export const withoutArguments = async (
  name: string,
  args: readonly string[],
  work: () => Promise<string>,
): Promise<string> => {
  if (args.length > 0) throw new StartRefused(`Usage: npm run -s ${name}`);
  return work();
};

import { parseArgs } from 'node:util';
import { StartRefused } from '@ums/kit/startRefused';
import type { RepublishOrder } from '@ums/projector/republish';

const USAGE =
  'Usage: npm run -s publish -- --from <position> --to <position> [--dry-run]\n' +
  '       npm run -s publish -- --state [--dry-run]';
const POSITION = /^\d{1,20}$/;

/** @throws StartRefused with the argument that is wrong, and the usage. */
export const readRepublishOrder = (args: readonly string[]): RepublishOrder => {
  const { from, to, state, dryRun } = parse(args);
  const hasRange = from !== undefined || to !== undefined;
  if (state && !hasRange) return { dryRun, states: true };
  if (state) throw new StartRefused(`--state takes neither --from nor --to.\n${USAGE}`);
  if (!hasRange) throw new StartRefused(USAGE);
  const range = { from: positionOf('--from', from), to: positionOf('--to', to) };
  if (range.from > range.to) throw new StartRefused(`--from must not be after --to.\n${USAGE}`);
  return { dryRun, states: false, range };
};

const positionOf = (option: string, text: string | undefined): bigint => {
  if (text === undefined) throw new StartRefused(`${option} is missing.\n${USAGE}`);
  if (!POSITION.test(text))
    throw new StartRefused(`${option} must be a position, a number of up to 20 digits.\n${USAGE}`);
  return BigInt(text);
};

const parse = (args: readonly string[]) => {
  try {
    const string = { type: 'string' } as const;
    const boolean = { type: 'boolean', default: false } as const;
    const options = { from: string, to: string, state: boolean, 'dry-run': boolean };
    const { values } = parseArgs({ args: [...args], options });
    return { from: values.from, to: values.to, state: values.state, dryRun: values['dry-run'] };
  } catch (error) {
    // Its message names the argument.
    throw new StartRefused(`${(error as Error).message.split(/\.\s/)[0]}.\n${USAGE}`);
  }
};

import { StartRefused } from '@ums/kit/startRefused';
import type { ProjectionsOrder } from '@ums/projector/operateProjections';

const USAGE = `Usage: npm run -s projections -- list
       npm run -s projections -- rebuild <name> [--from-old]
       npm run -s projections -- switch <name>
       npm run -s projections -- drop <name> [next | old]
       npm run -s projections -- retry-parked [<name>]`;

/** Reads the arguments of `npm run projections`. @throws StartRefused with the usage */
export const readProjectionsOrder = ([command, name, option, ...others]: readonly string[]): ProjectionsOrder => {
  const order = others.length > 0 || name?.startsWith('-') ? undefined : orderOf(command, name, option);
  if (order === undefined) throw new StartRefused(USAGE);
  return order;
};

const orderOf = (
  command: string | undefined,
  name: string | undefined,
  option: string | undefined,
): ProjectionsOrder | undefined => {
  if (command === 'list') return name === undefined ? { command } : undefined;
  if (command === 'retry-parked') return option === undefined ? { command, name } : undefined;
  if (name === undefined) return undefined;
  if (command === 'switch') return option === undefined ? { command, name } : undefined;
  if (command === 'rebuild' && (option === undefined || option === '--from-old'))
    return { command, name, fromOld: option !== undefined };
  if (command === 'drop' && (option === undefined || option === 'next' || option === 'old'))
    return { command, name, copy: option };
  return undefined;
};

import type { DeadLetter, DeadLetterBox } from '@ums/kit/dead-letters/deadLetter';
import { StartRefused } from '@ums/kit/startRefused';

const USAGE = 'Usage: npm run -s dlq -- list | show <id> | redrive [<id>]';

const TABLE_ONLY =
  'Only the table of the notifier was read; to read the dead-letter topic instead, set KAFKA_BROKERS to its brokers.';

type Command = (input: {
  box: DeadLetterBox;
  id: string | undefined;
  /** What the answer ends with: empty, or a line. */
  note: string;
}) => Promise<string>;

/**
 * The command that the arguments select. It takes the dead letters and where they are kept, and returns the text to print.
 * For a table the text ends with a sentence about the topic, because the topic may hold dead messages too.
 * @throws StartRefused with the usage.
 */
export const boxCommand = (
  args: readonly string[],
): ((box: DeadLetterBox, place: 'topic' | 'table') => Promise<string>) => {
  const [name = '', id, ...others] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name as keyof typeof COMMANDS] : undefined;
  if (command === undefined || others.length > 0) throw new StartRefused(USAGE);
  return (box, place) => command({ box, id, note: place === 'table' ? `\n${TABLE_ONLY}` : '' });
};

const list: Command = async ({ box, id, note }) => {
  if (id !== undefined) throw new StartRefused(USAGE);
  const letters = await box.list();
  if (letters.length === 0) return `There are no dead messages.${note}`;
  const rows = [['id', 'consumer', 'reason', 'time', 'event', 'stream'], ...letters.map(columns)];
  return `${rows.map((row) => row.join('  ')).join('\n')}${note}`;
};

const columns = ({ id, consumer, reason, at, message }: DeadLetter): string[] => [
  ...[id, consumer, reason, at.toISOString()],
  ...[message?.eventId ?? '-', message?.pointer.stream ?? '-'],
];

const show: Command = async ({ box, id, note }) => {
  if (id === undefined) throw new StartRefused(USAGE);
  const { consumer, reason, field, at, message } = await find(box, id, note);
  const { stream, revision, type, position } = message?.pointer ?? {};
  const details = {
    ...{ id, consumer, reason, field, time: at.toISOString() },
    ...{ event: message?.eventId, correlation: message?.correlationId, stream, revision, type, position },
  };
  return Object.entries(details)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
};

const redrive: Command = async ({ box, id, note }) => {
  const letters = id === undefined ? await box.list() : [await find(box, id, note)];
  const { redriven, kept } = await box.redrive(letters);
  const stay = kept === 0 ? '' : ` ${kept} cannot be read by this version and stay.`;
  return `${redriven} of ${letters.length} dead messages are delivered again.${stay}${note}`;
};

const find = async (box: DeadLetterBox, id: string, note: string): Promise<DeadLetter> => {
  const letter = (await box.list()).find((one) => one.id === id);
  if (letter === undefined) throw new StartRefused(`No dead message has this id.${note}`);
  return letter;
};

const COMMANDS = { list, show, redrive };

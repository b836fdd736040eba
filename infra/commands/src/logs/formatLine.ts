import { printable } from '@ums/kit/logFields';

type Line = Readonly<Record<string, unknown>>;

const LEVEL_WIDTH = 5;
const SERVICE_WIDTH = 11;
const INDENT = '    ';

/** A log line for reading: time, level, service, message, then the other fields as `name=value`, then the error. */
export const formatLine = ({ time, level, service, msg, error, ...fields }: Line): string => {
  const start = [shown(time), shown(level).padEnd(LEVEL_WIDTH), shown(service).padEnd(SERVICE_WIDTH), shown(msg)];
  const rest = Object.entries(fields).map(([name, value]) => `${shown(name)}=${quoted(value)}`);
  return [[...start, ...rest].join(' '), ...errorLines(error)].join('\n');
};

/** OpenSearch may hold lines that no logger of this service wrote, so control characters are replaced here too. */
const shown = (value: unknown): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it replaces
  printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replace(/[\u0000-\u001f]/g, '\uFFFD');

const quoted = (value: unknown): string =>
  typeof value === 'string' && /[\s"=]|^$/.test(value) ? shown(JSON.stringify(value)) : shown(value);

const errorLines = (error: unknown): string[] => {
  if (typeof error !== 'object' || error === null) return [];
  const { name, code, message, frames, cause } = error as Line;
  const title = [shown(name), ...(code === undefined ? [] : [shown(code)]), ...(message ? [shown(message)] : [])].join(
    ' ',
  );
  const lines = [title, ...(Array.isArray(frames) ? frames.map((frame) => `${INDENT}${shown(frame)}`) : [])];
  return [...lines, ...errorLines(cause).map((line, index) => (index === 0 ? `cause: ${line.trim()}` : line))].map(
    (line) => `${INDENT}${line}`,
  );
};

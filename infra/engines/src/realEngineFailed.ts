import { StartRefused } from '@ums/kit/startRefused';

/**
 * Kafka or OpenSearch cannot be installed or started, or has ended unexpectedly. The message is for the operator; it ends
 * with the last lines that the program printed, if there are any.
 */
export class RealEngineFailed extends StartRefused {
  override readonly name: string = 'RealEngineFailed';
}

/** Another program listens on a port of the engine. */
export class PortTaken extends RealEngineFailed {
  override readonly name = 'PortTaken';
}

/** A sentence followed by output of a program, indented. */
export const withLastLines = (sentence: string, lines: readonly string[]): string =>
  lines.length === 0 ? sentence : `${sentence} Its last lines:\n${lines.map((line) => `  ${line}`).join('\n')}`;

import { StartRefused } from '@ums/kit/startRefused';

/** An embedded engine or the data folder is not usable; the message is one sentence for the terminal, without secrets. */
export class EngineFailed extends StartRefused {
  override readonly name = 'EngineFailed';
}

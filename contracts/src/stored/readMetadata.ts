import type { RecordedEvent } from '../events/event.js';
import type { ActorKind, EventMetadata } from '../metadata.js';
import { Undecodable } from './undecodable.js';

const ACTORS: readonly ActorKind[] = ['user', 'admin', 'auditor', 'service', 'anonymous'];

/** The validated metadata of an event of this service. @throws Undecodable naming the field that is missing or wrong. */
export const readMetadata = ({ type, metadata }: RecordedEvent): EventMetadata => {
  if (typeof metadata !== 'object' || metadata === null) throw new Undecodable(type, 'metadata');
  const found = metadata as Partial<EventMetadata>;
  for (const name of ['$correlationId', '$causationId', 'at'] as const)
    if (typeof found[name] !== 'string') throw new Undecodable(type, `metadata.${name}`);
  if (!ACTORS.includes(found.actor?.kind as ActorKind)) throw new Undecodable(type, 'metadata.actor');
  return found as EventMetadata;
};

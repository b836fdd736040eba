import type { RecordedEvent } from '@ums/contracts/events/event';
import type { PictureEvent } from '@ums/contracts/events/picture';
import type { ServiceActor } from '@ums/contracts/metadata';
import { ERASED } from '@ums/contracts/personal';
import { decode } from '@ums/contracts/stored/stored';
import { parseStream } from '@ums/contracts/streams';
import { serviceCause } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { FactDeps } from '../account/factDeps.js';
import { changeUser } from '../change/changeUser.js';
import { decide } from '../user/decide.js';
import { pictureSettledId } from '../user/derivedIds.js';

/**
 * Takes the outcome of an upload over into the user's stream, where it takes effect if the upload is still the one that was
 * submitted last. Idempotent: a repeat appends nothing.
 *
 * @param event of a stream `picture-<pictureId>`.
 * @param by name of the acting service, for the event's metadata.
 * @throws Refused `conflict`; LogUnavailable; errors of the vault.
 */
export const settlePicture = async (deps: FactDeps, event: RecordedEvent, by: ServiceActor): Promise<void> => {
  const pictureId = parseStream(event.stream)?.id;
  const fact = decode(event, () => ERASED);
  if (fact === undefined || pictureId === undefined) return;
  const { type, data } = fact as unknown as PictureEvent;
  const rejection = type === 'PictureRejected' ? data.reason : undefined;
  try {
    await changeUser(deps, {
      userId: data.userId,
      decide: (user) => decide({ type: 'SettlePicture', pictureId, rejection }, user),
      eventIds: [pictureSettledId(pictureId)],
      cause: serviceCause(by, { id: event.id, correlationId: fact.metadata.$correlationId }),
    });
  } catch (error) {
    // A picture of a user who never existed: not written by this service.
    if (!(error instanceof Refused && error.slug === 'not-found')) throw error;
  }
};

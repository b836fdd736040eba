import { randomUUID } from 'node:crypto';
import { encode } from '@ums/contracts/stored/stored';
import { userStream } from '@ums/contracts/streams';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { newDataKey, sealWith } from '@ums/kit/sealing/sealing';
import { execute } from '../../infra/embedded/test/postgres.js';
import { patientEventLog } from '../../infra/kit/test/patientEventLog.js';
import { userRegistered } from './world.js';

export interface RegistrationPlaces {
  vaultUrl: string;
  eventLogUrl: string;
  /** MASTER_KEY. */
  key: Buffer;
}

/** Writes the key and the first event of a user, as command-api does. @returns the id of the user */
export const registerUser = async ({ vaultUrl, eventLogUrl, key }: RegistrationPlaces): Promise<string> => {
  const master = masterKeys(key);
  const [userId, eventId, dataKey] = [randomUUID(), randomUUID(), newDataKey()];
  const { wrapped, masterKeyId } = master.wrap(userId, dataKey);
  await execute(
    vaultUrl,
    `insert into data_key (subject, wrapped, master_key_id)
       values ('${userId}', '\\x${wrapped.toString('hex')}', '${masterKeyId}')`,
  );
  const stream = userStream(userId);
  const stored = encode(userRegistered('Ada', userId), { stream, eventId }, (place, text) =>
    sealWith(dataKey, place, text, master.id),
  );
  const metadata = {
    $correlationId: randomUUID(),
    $causationId: randomUUID(),
    at: new Date().toISOString(),
    actor: { kind: 'anonymous' },
  };
  const eventLog = patientEventLog(eventLogUrl);
  await eventLog.append(stream, [{ id: eventId, ...stored, metadata }], NO_STREAM);
  await eventLog.close();
  return userId;
};

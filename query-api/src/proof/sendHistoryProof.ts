import { sendChunks } from '@ums/kit/http/connection/sendChunks';
import { responseOf } from '@ums/kit/http/request/responseOf';
import type { Request } from 'express';

/** Sends the text of a proof, as fast as the client takes it. @throws what making the text throws; the answer is incomplete then. */
export const sendHistoryProof = async (request: Request, text: AsyncIterable<string>): Promise<void> => {
  const response = responseOf(request);
  response.status(200).type('json');
  if (request.method === 'HEAD') return void response.end();
  await sendChunks(response, text);
};

import type { RequestHandler, Response } from 'express';
import { addressFault } from './recipients.js';

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** SES's answer in its v2 API: the client library names the exception by the header. */
export const refuse = (response: Response, exception: string, message: string): void => {
  response.status(400).set('x-amzn-ErrorType', exception).json({ message });
};

/** SES's answer in its v1 API. */
const refuseInXml = (response: Response, code: string, message: string): void => {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  response
    .status(400)
    .type('xml')
    .send(`<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/">${error}</ErrorResponse>`);
};

/** v2 `SendEmail`: what the server behind takes without looking is checked here. */
export const checkSendEmail: RequestHandler = ({ body }, response, next) => {
  const { FromEmailAddress, Destination, Content } = fieldsOf(body);
  const simple = fieldsOf(fieldsOf(Content).Simple);
  if (fieldsOf(simple.Subject).Data === undefined) {
    return refuse(response, 'BadRequestException', 'Only simple content with a subject is served here.');
  }
  const lists = Object.values(fieldsOf(Destination));
  if (!lists.every(Array.isArray)) return refuse(response, 'BadRequestException', 'The destination is malformed.');
  const fault = addressFault(FromEmailAddress, lists.flat());
  if (fault === undefined) next();
  else refuse(response, 'BadRequestException', fault);
};

const RECIPIENT = /^Destination\.(To|Cc|Bcc)Addresses\.member\.(\d+)$/;

/** v1: `SendEmail` alone is served; other actions the server behind would never answer. */
export const checkAction: RequestHandler = ({ body }, response, next) => {
  const fields = fieldsOf(body);
  if (fields.Action !== 'SendEmail') {
    return refuseInXml(response, 'InvalidAction', 'Only SendEmail is served here.');
  }
  const recipients = Object.keys(fields).filter((name) => RECIPIENT.test(name));
  if (recipients.some((name) => RECIPIENT.exec(name)?.[2] !== '1')) {
    return refuseInXml(response, 'InvalidParameterValue', 'Only one recipient a list is served here.');
  }
  const fault = addressFault(
    fields.Source,
    recipients.map((name) => fields[name]),
  );
  if (fault === undefined) next();
  else refuseInXml(response, 'InvalidParameterValue', fault);
};

import type { RequestHandler, Response } from 'express';

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
/** An address that SES accepts: ASCII dot-atom local part (RFC 5321 §4.1.2) and ASCII domain; no quoted local part. */
const ADDRESS = new RegExp(`^${ATOM}(?:\\.${ATOM})*@${LABEL}(?:\\.${LABEL})+$`);
/** `Name <address>` or `"Name" <address>`; only a quoted name may have `<` and `>`. */
const NAMED_ADDRESS = /^(?:"(?:[^"\\\r\n]|\\[^\r\n])*" *|[^<>\r\n]*)<([^<>]*)>$/;
const MAX_ADDRESS_CHARACTERS = 320;
/** Of To, Cc and Bcc together. */
const MAX_RECIPIENTS = 50;
const V1_RECIPIENT = /^Destination\.(To|Cc|Bcc)Addresses\.member\.(\d+)$/;

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** Validates v2 `SendEmail`, which the library behind accepts unchecked. */
export const checkSendEmail: RequestHandler = ({ body }, response, next) => {
  const { FromEmailAddress, Destination, Content } = fieldsOf(body);
  const simple = fieldsOf(fieldsOf(Content).Simple);
  if (fieldsOf(simple.Subject).Data === undefined) {
    return refuse(response, 'BadRequestException', 'Only simple content with a subject is supported.');
  }
  const lists = Object.values(fieldsOf(Destination));
  if (!lists.every(Array.isArray)) return refuse(response, 'BadRequestException', 'The destination is malformed.');
  const fault = addressFault(FromEmailAddress, lists.flat());
  if (fault === undefined) next();
  else refuse(response, 'BadRequestException', fault);
};

/** Validates v1 `SendEmail` and refuses every other v1 action, which the library behind would leave unanswered. */
export const checkAction: RequestHandler = ({ body }, response, next) => {
  const fields = fieldsOf(body);
  if (fields.Action !== 'SendEmail') {
    return refuseInXml(response, 'InvalidAction', 'Only SendEmail is supported.');
  }
  const recipients = Object.keys(fields).filter((name) => V1_RECIPIENT.test(name));
  if (recipients.some((name) => V1_RECIPIENT.exec(name)?.[2] !== '1')) {
    return refuseInXml(response, 'InvalidParameterValue', 'Only one recipient per list is supported.');
  }
  const fault = addressFault(
    fields.Source,
    recipients.map((name) => fields[name]),
  );
  if (fault === undefined) next();
  else refuseInXml(response, 'InvalidParameterValue', fault);
};

/** Answers 400 in the form of SES v2; the client library takes the exception's name from the header. */
export const refuse = (response: Response, exception: string, message: string): void => {
  response.status(400).set('x-amzn-ErrorType', exception).json({ message });
};

/** Answers 400 in the form of SES v1. */
const refuseInXml = (response: Response, code: string, message: string): void => {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  response
    .status(400)
    .type('xml')
    .send(`<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/">${error}</ErrorResponse>`);
};

/** Why SES would refuse this sender and these recipients; undefined when it accepts them. Never quotes an address. */
const addressFault = (sender: unknown, recipients: readonly unknown[]): string | undefined => {
  if (!isAddress(sender)) return 'The sender is not an e-mail address.';
  if (recipients.length === 0) return 'There is no recipient.';
  if (recipients.length > MAX_RECIPIENTS) return `There are more than ${MAX_RECIPIENTS} recipients.`;
  return recipients.every(isAddress) ? undefined : 'A recipient is not an e-mail address.';
};

const isAddress = (text: unknown): boolean =>
  typeof text === 'string' &&
  text.length <= MAX_ADDRESS_CHARACTERS &&
  ADDRESS.test(NAMED_ADDRESS.exec(text)?.[1] ?? text);

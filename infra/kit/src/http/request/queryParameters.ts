import type { Request, RequestHandler } from 'express';
import { invalid } from '../../refused.js';
import { type HostedApi, pathPattern } from './routeTable.js';

/** A number of JSON without fraction. The validation of tsoa also accepts `+5` and `007`. */
const INTEGER = /^(?:0|-?[1-9]\d*)$/;

const check = ({ query }: Request, parameters: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(query)) {
    const type = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    // A name that no parameter can have is user input and is not repeated.
    const field = /^[A-Za-z]\w{0,63}$/.test(name) ? name : 'query';
    if (type === undefined) throw invalid(field, 'is not a parameter of this request');
    // What the framework puts in place of bytes that it cannot decode.
    if (String(value).includes('\ufffd')) throw invalid(field, 'must be percent-encoded UTF-8');
    if (type === 'integer' && !INTEGER.test(String(value))) throw invalid(field, 'must be a whole number');
  }
};

/**
 * Refuses query parameters that an operation does not have (I-03), so that a misspelt one is not ignored. Operations that
 * are not in the table are not checked.
 */
export const checkQueryParameters = ({ prefix, queryParameters }: HostedApi): RequestHandler => {
  const operations = Object.entries(queryParameters).map(([operation, parameters]) => {
    const [method = '', path = ''] = operation.split(' ');
    return { method: method.toUpperCase(), matches: pathPattern(prefix + path), parameters };
  });
  return (request, _response, next) => {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const operation = operations.find((one) => one.method === method && one.matches.test(request.path));
    if (operation !== undefined) check(request, operation.parameters);
    next();
  };
};

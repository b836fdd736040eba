import type { Environment } from './env.js';

/**
 * Whether NODE_ENV is `production`, also with quotes, blanks, a carriage return or capitals, as files of settings bring them along:
 * what production refuses must not be permitted by a typing error.
 */
export const isProduction = ({ NODE_ENV = '' }: Environment): boolean => /^["'\s]*production["'\s]*$/i.test(NODE_ENV);

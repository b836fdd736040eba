import type { QueryArrayConfig } from 'pg';

/** A prepared statement whose rows are arrays: int8 and uuid as text, bytea as Buffer. */
export const preparedStatement = (name: string, text: string, values: unknown[]): QueryArrayConfig => ({
  name,
  text,
  values,
  rowMode: 'array',
});

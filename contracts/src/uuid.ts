/** A UUID in lower case, as a part of a regular expression. Every id this service makes has this form. */
export const UUID_PATTERN = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const WHOLE = new RegExp(`^${UUID_PATTERN}$`);

/** Whether the value is a UUID in lower case; other spellings of a UUID are refused. */
export const isUuid = (value: unknown): value is string => typeof value === 'string' && WHOLE.test(value);

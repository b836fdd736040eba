/**
 * What the statements of this service and the reading of their answers rely on. A server, a database or a role may be set
 * to something else: times in another style are not read as times, and without nulls in arrays the text `NULL` is stored.
 */
const RELIED_ON: readonly string[] = [
  'datestyle=ISO',
  'array_nulls=on',
  // The time limit of statements covers their waits for locks, too.
  'lock_timeout=0',
  String.raw`default_transaction_isolation=read\ committed`,
];
/** Of names without a schema, such as those of the vault: the default of Postgres. A URL may say another. */
const SEARCH_PATH = 'search_path';
const DEFAULT_PATH = `${SEARCH_PATH}="$user",public`;

/**
 * The URL of a Postgres with the settings that its sessions begin with. The settings are part of the URL, because `options`
 * of a URL replace the `options` beside it. Those of the URL are kept; where one is set twice, the one given here counts.
 * @param settings more of them, as `name=value`; a space in a value needs a backslash before it
 */
export const urlWithSettings = (url: string, settings: readonly string[] = []): string => {
  const target = new URL(url);
  // Of a parameter that is repeated, pg takes the last one.
  const own = target.searchParams.getAll('options').at(-1) ?? '';
  const path = own.includes(SEARCH_PATH) ? [] : [DEFAULT_PATH];
  const added = [...RELIED_ON, ...path, ...settings].map((setting) => `-c ${setting}`);
  target.searchParams.set('options', [own, ...added].join(' ').trim());
  return target.href;
};

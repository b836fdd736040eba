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
/** What a URL may say otherwise: where names without a schema are looked up, such as those of the vault. The default of Postgres. */
const DEFAULTS: readonly string[] = ['search_path="$user",public'];

/**
 * The URL of a Postgres with the settings that its sessions begin with. The settings are part of the URL, because `options`
 * of a URL replace the `options` beside it. Those of the URL are kept. Where one is set twice, the later one counts: first defaults, then
 * the URL, then what is relied on.
 * @param settings more of them, as `name=value`; a space in a value needs a backslash before it
 */
export const urlWithSettings = (url: string, settings: readonly string[] = []): string => {
  const target = new URL(url);
  // Of a parameter that is repeated, pg takes the last one.
  const own = target.searchParams.getAll('options').at(-1) ?? '';
  const asOptions = (values: readonly string[]) => values.map((setting) => `-c ${setting}`);
  const options = [...asOptions(DEFAULTS), own, ...asOptions([...RELIED_ON, ...settings])];
  target.searchParams.set('options', options.filter((option) => option !== '').join(' '));
  return target.href;
};

const UNRELEASED = 'Unreleased';
/** What an operator does on the way to a version. Every version has it. */
const UPGRADE = 'Upgrade';

/** The text between the heading of a section and the next heading of that level or above; undefined without one. */
const sectionOf = (text, level, isTitle) => {
  const lines = text.split('\n');
  const marks = `${'#'.repeat(level)} `;
  const first = lines.findIndex((line) => line.startsWith(marks) && isTitle(line.slice(marks.length)));
  if (first === -1) return undefined;
  const rest = lines.slice(first + 1);
  const end = rest.findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= level);
  return rest
    .slice(0, end === -1 ? rest.length : end)
    .join('\n')
    .trim();
};

/** The notes of a version, or of what is unreleased; undefined when there are none. */
export const notesOf = (text, version = UNRELEASED) =>
  sectionOf(text, 2, (title) => title === version || title.startsWith(`${version} - `));

/** What keeps the unreleased section from becoming a release, one sentence each. */
export const changelogProblems = (text) => {
  const notes = notesOf(text);
  if (notes === undefined) return [`CHANGELOG.md has no section "${UNRELEASED}".`];
  const titles = [...notes.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
  const filled = titles.filter((each) => sectionOf(notes, 3, (title) => title === each) !== '');
  const change = `CHANGELOG.md lists no change under "${UNRELEASED}".`;
  const upgrade = `CHANGELOG.md says nothing under "### ${UPGRADE}" of "${UNRELEASED}": what operators do, or that they do nothing.`;
  return [
    ...(filled.some((title) => title !== UPGRADE) ? [] : [change]),
    ...(filled.includes(UPGRADE) ? [] : [upgrade]),
  ];
};

/** The changelog once what is unreleased has a version and a date, such as `2026-11-27`. */
export const withRelease = (text, version, date) =>
  text.replace(`## ${UNRELEASED}\n`, () => `## ${UNRELEASED}\n\n## ${version} - ${date}\n`);

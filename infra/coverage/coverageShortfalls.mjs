/** Minimum line coverage of each file, and of all files together. */
export const MIN_FILE_PERCENT = 60;
export const MIN_TOTAL_PERCENT = 85;

const percent = ({ covered, total }) => (total === 0 ? 100 : (100 * covered) / total);

const formatted = (value) => `${value.toFixed(1)} %`;

/**
 * Lists each minimum that the coverage of a run does not reach, one sentence each.
 * @param files every measured file
 */
export const coverageShortfalls = (files) => {
  const overall = percent({
    covered: files.reduce((sum, { covered }) => sum + covered, 0),
    total: files.reduce((sum, { total }) => sum + total, 0),
  });
  const low = files.filter((file) => percent(file) < MIN_FILE_PERCENT);
  return [
    ...(files.length === 0 ? ['no file was measured'] : []),
    ...low.map(
      (file) => `${file.path}: ${formatted(percent(file))} of the lines covered, minimum ${MIN_FILE_PERCENT} %`,
    ),
    ...(overall < MIN_TOTAL_PERCENT
      ? [`all files: ${formatted(overall)} of the lines covered, minimum ${MIN_TOTAL_PERCENT} %`]
      : []),
  ];
};

/** Percent of the lines that a file, and all files together, must have run. */
export const LEAST_IN_A_FILE = 60;
export const LEAST_OVERALL = 85;

const percent = ({ covered, total }) => (total === 0 ? 100 : (100 * covered) / total);

const shown = (value) => `${value.toFixed(1)} %`;

/**
 * What is wrong with the coverage of a run, one sentence each.
 * @param files each measured file with its lines
 */
export const coverageFaults = (files) => {
  const overall = percent({
    covered: files.reduce((sum, { covered }) => sum + covered, 0),
    total: files.reduce((sum, { total }) => sum + total, 0),
  });
  const low = files.filter((file) => percent(file) < LEAST_IN_A_FILE);
  return [
    ...(files.length === 0 ? ['no file was measured'] : []),
    ...low.map(
      (file) => `${file.path}: ${shown(percent(file))} of its lines run, at least ${LEAST_IN_A_FILE} % are needed`,
    ),
    ...(overall < LEAST_OVERALL
      ? [`all files: ${shown(overall)} of the lines run, at least ${LEAST_OVERALL} % are needed`]
      : []),
  ];
};

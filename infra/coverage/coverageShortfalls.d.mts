export interface MeasuredFile {
  path: string;
  /** Lines the tests ran. */
  covered: number;
  /** Executable lines. */
  total: number;
}

export const MIN_FILE_PERCENT: number;
export const MIN_TOTAL_PERCENT: number;
export function coverageShortfalls(files: readonly MeasuredFile[]): string[];

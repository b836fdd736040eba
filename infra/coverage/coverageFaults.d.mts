export interface MeasuredFile {
  path: string;
  /** Lines run. */
  covered: number;
  /** Lines that can run. */
  total: number;
}

export const LEAST_IN_A_FILE: number;
export const LEAST_OVERALL: number;
export function coverageFaults(files: readonly MeasuredFile[]): string[];

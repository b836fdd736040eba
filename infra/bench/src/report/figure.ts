/** One measured figure beside what it should be. */
export interface Figure {
  /** Begins with its id in the goals where it has one. */
  name: string;
  measured: number;
  unit: string;
  target: { atMost: number } | { atLeast: number };
  /** What was counted, against what, and the absolute numbers behind a ratio. */
  how: string;
}

export const isMet = ({ measured, target }: Figure): boolean =>
  'atMost' in target ? measured <= target.atMost : measured >= target.atLeast;

/** Three significant digits, and whole numbers from 100 on. */
export const shown = (value: number): string =>
  Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));

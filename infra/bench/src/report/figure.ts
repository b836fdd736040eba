/** A measured figure and its target. */
export interface Figure {
  /** Begins with its rule id, if it has one. */
  name: string;
  measured: number;
  unit: string;
  target: { atMost: number } | { atLeast: number };
  /** What was measured and how, with the absolute values behind a ratio. */
  details: string;
}

export const isMet = ({ measured, target }: Figure): boolean =>
  'atMost' in target ? measured <= target.atMost : measured >= target.atLeast;

/** Formats with three significant digits, from 100 on as a whole number. */
export const formatNumber = (value: number): string =>
  Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** An age such as `90s`, `10m`, `2h` or `30d`, in ms; `undefined` if the text is none or zero. */
export const ageMs = (text: string): number | undefined => {
  const [, number, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const factor = UNITS[unit];
  return factor === undefined || Number(number) === 0 ? undefined : Number(number) * factor;
};

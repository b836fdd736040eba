/** Whether something has happened: `maybe` where it was asked for and the answer never came. */
export type Known = 'no' | 'maybe' | 'yes';

/** Somebody under load, and what the service owes him: whatever it has acknowledged. */
export interface Citizen {
  email: string;
  password: string;
  registered: Known;
  confirmed: Known;
  erased: Known;
  /** The name acknowledged last, and those asked for since. */
  names: string[];
  /** The revision acknowledged last. */
  revision: number;
  accessToken: string | undefined;
  /** Acknowledged, and not used since. */
  refreshToken: string | undefined;
  /** Refresh tokens of sessions whose end was acknowledged. */
  ended: string[];
}

export const newCitizen = (name: string): Citizen => ({
  ...{ email: `${name}@example.org`, password: `the long password of ${name}` },
  ...{ registered: 'no', confirmed: 'no', erased: 'no' },
  ...{ names: [name], revision: 0, accessToken: undefined, refreshToken: undefined, ended: [] },
});

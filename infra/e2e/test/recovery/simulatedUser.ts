/** Whether a request took effect: `maybe` if it was sent and no answer came. */
export type Certainty = 'no' | 'maybe' | 'yes';

/** A user under load, with everything that the service has acknowledged to them. */
export interface SimulatedUser {
  email: string;
  password: string;
  registered: Certainty;
  confirmed: Certainty;
  erased: Certainty;
  /** The name acknowledged last, and the names requested since. */
  names: string[];
  /** The revision acknowledged last. */
  revision: number;
  accessToken: string | undefined;
  /** A refresh token that was acknowledged and not used since. */
  refreshToken: string | undefined;
  /** Refresh tokens of sessions whose end was acknowledged. */
  endedSessions: string[];
}

export const newSimulatedUser = (name: string): SimulatedUser => ({
  ...{ email: `${name}@example.org`, password: `the long password of ${name}` },
  ...{ registered: 'no', confirmed: 'no', erased: 'no' },
  ...{ names: [name], revision: 0, accessToken: undefined, refreshToken: undefined, endedSessions: [] },
});

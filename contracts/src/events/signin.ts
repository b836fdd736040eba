export interface SessionStarted {
  type: 'SessionStarted';
  data: { sessionId: string };
}

/** `reuse`: a refresh token already rotated was presented again (RFC 9700 §4.14.2). */
export type SessionEndReason = 'logout' | 'reuse';

export interface SessionEnded {
  type: 'SessionEnded';
  data: { sessionId: string; reason: SessionEndReason };
}

/** Facts of `signin-<userId>`: recorded, never folded. */
export type SigninEvent = SessionStarted | SessionEnded;

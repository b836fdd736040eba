/** Exit code of a check that could not be made, because a service that it asks does not exist here (EX_UNAVAILABLE of sysexits.h). */
export const UNAVAILABLE = 69;

import { integer } from '@ums/kit/env';

const LARGEST_LIMIT = 100_000;

/** Reads a number that a limit allows in its time. */
export const limitSetting = (defaultValue: number) => integer({ default: defaultValue, min: 1, max: LARGEST_LIMIT });

import { expect } from '@jest/globals';
import { CORNERS, sampled } from './quadrants.js';

const PLACES = { topLeft: [0.1, 0.1], topRight: [0.9, 0.1], bottomLeft: [0.1, 0.9], bottomRight: [0.9, 0.9] } as const;

/** Expects the quadrants upright, each colour within `tolerance` of the original. */
export const expectUpright = async (file: Uint8Array, tolerance: number): Promise<void> => {
  for (const [corner, [across, down]] of Object.entries(PLACES)) {
    const colour = await sampled(file, across, down);
    const wanted = CORNERS[corner as keyof typeof CORNERS];
    const isClose = colour.every((value, channel) => Math.abs(value - (wanted[channel] ?? 0)) <= tolerance);
    expect({ corner, colour: isClose ? wanted : colour }).toEqual({ corner, colour: wanted });
  }
};

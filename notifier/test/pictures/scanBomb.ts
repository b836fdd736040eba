import { jpegBits } from './jpegBits.js';
import { codes, frameStart, JPEG_END, JPEG_START, QUANTIZATION, scanStart } from './jpegSegments.js';

/** `EOB14`: a run of 2^14 blocks without coefficients, and as many more as the next 14 bits say (ITU T.81 G.1.2.2). */
const EMPTY_BLOCKS = 0xe0;
const SHORTEST_RUN = 2 ** 14;
const LONGEST_RUN = 2 ** 15 - 1;
const LOWEST_BIT = 13;

/**
 * A grey progressive JPEG of many scans. Each is some thirty bytes long, and the decoder goes through all blocks for it: each
 * coefficient has a scan of its own for each of its bits, as the standard allows.
 */
export const scanBomb = (width: number, height: number, scans: number): Buffer => {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const emptyScan = emptyBlocks(blocks);
  const parts: Buffer[] = [];
  for (let bit = LOWEST_BIT; bit >= 0; bit -= 1)
    for (let coefficient = 1; coefficient <= 63 && parts.length < 2 * scans; coefficient += 1)
      parts.push(scanStart(1, coefficient, coefficient, bit === LOWEST_BIT ? bit : (bit + 1) * 16 + bit), emptyScan);
  return Buffer.concat([
    ...[
      JPEG_START,
      QUANTIZATION,
      frameStart(0xc2, width, height, 1),
      codes('DC', 1, [0]),
      codes('AC', 1, [EMPTY_BLOCKS]),
    ],
    ...[scanStart(1, 0, 0, 0), Buffer.alloc(Math.ceil(blocks / 8)), ...parts, JPEG_END],
  ]);
};

const emptyBlocks = (count: number): Buffer => {
  const bits = jpegBits();
  for (let left = count; left > 0; left -= LONGEST_RUN) {
    bits.write(0, 1);
    bits.write(Math.max(0, Math.min(left, LONGEST_RUN) - SHORTEST_RUN), 14);
  }
  return bits.bytes();
};

import { type JpegBits, jpegBits } from './jpegBits.js';
import { codes, frameStart, JPEG_END, JPEG_START, jpegSegment, QUANTIZATION, scanStart } from './jpegSegments.js';

export interface FlatJpeg {
  /** In blocks of 8 x 8 pixels. */
  columns: number;
  rows: number;
  /** The values of one, three or four components in all pixels of a block. */
  colourOf(column: number, row: number): readonly number[];
  /** Colour transform in an Adobe segment: 0 none, 1 YCbCr, 2 YCCK. @default no such segment */
  adobe?: number;
}

const CATEGORIES = Array.from({ length: 12 }, (_, category) => category);
const END_OF_BLOCK = 0;

/** A baseline JPEG of blocks of one colour. It is encoded here, so it is independent of the decoder under test. */
export const flatJpeg = ({ columns, rows, colourOf, adobe }: FlatJpeg): Buffer => {
  const components = colourOf(0, 0).length;
  const bits = jpegBits();
  const before = Array<number>(components).fill(128);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      colourOf(column, row).forEach((value, component) => {
        writeDifference(bits, value - (before[component] ?? 0));
        bits.write(END_OF_BLOCK, 1);
        before[component] = value;
      });
  return Buffer.concat([
    ...[JPEG_START, ...(adobe === undefined ? [] : [adobeSegment(adobe)]), QUANTIZATION],
    ...[
      frameStart(0xc0, columns * 8, rows * 8, components),
      codes('DC', 5, CATEGORIES),
      codes('AC', 1, [END_OF_BLOCK]),
    ],
    ...[scanStart(components, 0, 63, 0), bits.bytes(), JPEG_END],
  ]);
};

const adobeSegment = (transform: number): Buffer =>
  jpegSegment(0xee, Buffer.from([...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform]));

/** A DC difference: its category, then its bits (ITU T.81 F.1.2.1). */
const writeDifference = (bits: JpegBits, difference: number): void => {
  const category = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
  bits.write(category, 5);
  bits.write(difference < 0 ? difference + 2 ** category - 1 : difference, category);
};

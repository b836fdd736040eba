import { exif } from './exif.js';
import { flatJpeg } from './flatJpeg.js';
import { pngChunk, zeroPng } from './png.js';

export const picture = flatJpeg({ columns: 80, rows: 60, colourOf: (x, y) => [x, y, 128] });
/** Needs some 250 MB, because an interlaced picture is decoded as a whole. */
export const largePicture = (): Buffer =>
  zeroPng(
    { width: 5_000, height: 5_000, bitDepth: 16, colourType: 6, interlaced: true },
    pngChunk('eXIf', exif({ orientation: 6 })),
  );

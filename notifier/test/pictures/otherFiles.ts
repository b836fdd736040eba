import { gzipSync } from 'node:zlib';
import { bad, type CorpusFile } from './corpusFile.js';
import { imageOf, quadrants } from './quadrants.js';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>';
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const other = (name: string, make: CorpusFile['make']): CorpusFile => bad('not-a-picture', name, make);
const quadrantsAs = (format: 'gif' | 'tiff' | 'avif'): Promise<Buffer> =>
  imageOf(quadrants()).toFormat(format).toBuffer();

/** Files of other kinds under the names of pictures. */
export const otherFiles: readonly CorpusFile[] = [
  other('nothing.png', () => Buffer.alloc(0)),
  other('one-byte.jpg', () => Buffer.from([0xff])),
  other('zeros.png', () => Buffer.alloc(100_000)),
  other('svg.png', () => Buffer.from(SVG)),
  other('svg-with-byte-order-mark.jpg', () => Buffer.from(`\ufeff<?xml version="1.0"?>${SVG}`)),
  other('svgz.webp', () => gzipSync(SVG)),
  other('gif.png', () => quadrantsAs('gif')),
  other('gif-with-script.jpg', () => latin1('GIF89a/*\xff\xd8\xff*/=1;alert(1)')),
  other('tiff.jpg', () => quadrantsAs('tiff')),
  other('avif.webp', () => quadrantsAs('avif')),
  other('heic.jpg', async () => {
    const file = await quadrantsAs('avif');
    file.write('heic', 8, 'latin1');
    return file;
  }),
  other('pdf.png', () => latin1('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF')),
  other('pdf-with-jpeg.jpg', async () =>
    Buffer.concat([latin1('%PDF-1.7\n'), await imageOf(quadrants()).jpeg().toBuffer()]),
  ),
  other('bmp.png', () => latin1(`BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0${'\0'.repeat(52)}`)),
  other('ico.png', () => latin1('\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0')),
  other('jpeg-xl.jpg', () => latin1('\0\0\0\x0cJXL \r\n\x87\n')),
  other('jpeg-2000.jpg', () => latin1('\0\0\0\x0cjP  \r\n\x87\n')),
  other('photoshop.png', () => latin1(`8BPS\0\x01${'\0'.repeat(40)}`)),
  other('wav.webp', () => latin1('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0')),
  other('html.jpg', () => latin1('<!doctype html><script>alert(1)</script>')),
  other('program.png', () => latin1(`\x7fELF\x02\x01\x01${'\0'.repeat(57)}`)),
  other('zip.png', () => latin1(`PK\x05\x06${'\0'.repeat(18)}`)),
  other('png-with-converted-line-ends.png', async () => {
    const file = await imageOf(quadrants()).png().toBuffer();
    return latin1(file.toString('latin1').replaceAll('\r\n', '\n'));
  }),
];

import { describe, expect, it } from '@jest/globals';
import { PICTURE_START_BYTES, type PictureFormat, pictureFormat } from './pictureFormat.js';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

const PICTURES: [PictureFormat, string, Buffer][] = [
  ['jpeg', 'JFIF', latin1('\xff\xd8\xff\xe0\0\x10JFIF\0\x01')],
  ['jpeg', 'Exif', latin1('\xff\xd8\xff\xe1\0\x10Exif\0\0MM')],
  ['png', 'with its header', latin1('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
  ['webp', 'lossy', latin1('RIFF\x24\0\0\0WEBPVP8 ')],
  ['webp', 'lossless', latin1('RIFF\x24\0\0\0WEBPVP8L')],
  ['webp', 'extended, with line ends in its size', latin1('RIFF\n\r\x0b\0WEBPVP8X')],
];

const OTHERS: [string, Buffer][] = [
  ['nothing', latin1('')],
  ['one byte', latin1('\xff')],
  ['the start of image of a JPEG alone', latin1('\xff\xd8')],
  ['a PNG whose line ends were converted', latin1('\x89PNG\n\x1a\n\0\0\0\rIHDR')],
  ['a PNG without its eighth bit', latin1('\tPNG\r\n\x1a\n\0\0\0\rIHDR')],
  ['a WebP without a picture', latin1('RIFF\x24\0\0\0WEBPALPH')],
  ['a WebP that ends before its first chunk', latin1('RIFF\x24\0\0\0WEBP')],
  ['another RIFF file', latin1('RIFF\x24\0\0\0WAVEfmt ')],
  ['GIF', latin1('GIF89a\x01\0\x01\0')],
  ['TIFF', latin1('II*\0\x08\0\0\0')],
  ['HEIF', latin1('\0\0\0\x18ftypheic\0\0\0\0')],
  ['BMP', latin1('BM6\0\0\0\0\0\0\0')],
  ['PDF', latin1('%PDF-1.7\n\xff\xd8\xff')],
  ['SVG', latin1('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['a JPEG behind other bytes', latin1('\0\xff\xd8\xff\xe0')],
];

describe('pictureFormat', () => {
  it.each(PICTURES)('U-02 recognizes %s, %s', (format, _, file) => {
    expect(pictureFormat(file)).toBe(format);
    expect(pictureFormat(file.subarray(0, PICTURE_START_BYTES))).toBe(format);
    expect(pictureFormat(new Uint8Array(Buffer.concat([file, Buffer.alloc(100_000)])))).toBe(format);
  });

  it.each(OTHERS)('U-02 does not recognize %s as a picture', (_, file) => {
    expect(pictureFormat(file)).toBeUndefined();
  });

  it('reads at the offset of a view, not of its memory', () => {
    const memory = Buffer.concat([Buffer.from('GIF89a'), latin1('\xff\xd8\xff\xe0')]);
    expect(pictureFormat(memory.subarray(6))).toBe('jpeg');
    expect(pictureFormat(memory)).toBeUndefined();
  });
});

import sharp, { type Sharp } from 'sharp';

export type Colour = readonly [red: number, green: number, blue: number];

/** Colours of the corners, which every printer can print, so that CMYK keeps them. */
export const CORNERS = {
  topLeft: [200, 60, 60],
  topRight: [60, 150, 80],
  bottomLeft: [60, 80, 160],
  bottomRight: [230, 230, 230],
} satisfies Record<string, Colour>;

const ARROW: Colour = [40, 40, 40];

/** The colour at a point of a picture: four quadrants, and an arrow in the middle that points up. */
export const colourAt = (x: number, y: number, width: number, height: number): Colour => {
  const below = y / height - 0.35;
  if (below > 0 && below < 0.3 && Math.abs(x - width / 2) < (below * height) / 2) return ARROW;
  const [left, right] = y < height / 2 ? (['topLeft', 'topRight'] as const) : (['bottomLeft', 'bottomRight'] as const);
  return CORNERS[x < width / 2 ? left : right];
};

export interface Raw {
  data: Buffer;
  width: number;
  height: number;
}

/** Pixels of a picture, three bytes each. */
export const rawOf = (width: number, height: number, colour: (x: number, y: number) => Colour): Raw => {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) data.set(colour(x, y), (y * width + x) * 3);
  return { data, width, height };
};

export const quadrants = (width = 640, height = 480): Raw =>
  rawOf(width, height, (x, y) => colourAt(x, y, width, height));

/** Where the pixel at `x`, `y` of a file is shown (EXIF 2.32 §4.6.4, Orientation), in a picture of this size. */
const SHOWN: Readonly<Record<number, (x: number, y: number, right: number, bottom: number) => [x: number, y: number]>> =
  {
    1: (x, y) => [x, y],
    2: (x, y, right) => [right - x, y],
    3: (x, y, right, bottom) => [right - x, bottom - y],
    4: (x, y, _, bottom) => [x, bottom - y],
    5: (x, y) => [y, x],
    6: (x, y, right) => [right - y, x],
    7: (x, y, right, bottom) => [right - y, bottom - x],
    8: (x, y, _, bottom) => [y, bottom - x],
  };

/** The quadrants as a file stores them whose orientation is this number. */
export const storedQuadrants = (orientation: number, width = 640, height = 480): Raw => {
  const shown = SHOWN[orientation] ?? ((x, y) => [x, y]);
  const isTurned = orientation >= 5;
  return rawOf(isTurned ? height : width, isTurned ? width : height, (x, y) =>
    colourAt(...shown(x, y, width - 1, height - 1), width, height),
  );
};

/** A pipeline of sharp on the pixels. */
export const imageOf = ({ data, width, height }: Raw): Sharp => sharp(data, { raw: { width, height, channels: 3 } });

/** The colour of a picture at a share of its width and height, without transparency. */
export const sampled = async (file: Uint8Array, across: number, down: number): Promise<Colour> => {
  const { data, info } = await sharp(file).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(info.height * down) * info.width + Math.floor(info.width * across)) * info.channels;
  return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
};

type Xyz = readonly [number, number, number];

/** Primaries of sRGB, adapted to D50 (ICC.1 Annex E). */
const SRGB: readonly [Xyz, Xyz, Xyz] = [
  [0.4361, 0.2225, 0.0139],
  [0.3851, 0.7169, 0.0971],
  [0.1431, 0.0606, 0.7141],
];
/** Primaries of ProPhoto RGB, which is wider than what can be seen (ISO 22028-2). */
const PROPHOTO: readonly [Xyz, Xyz, Xyz] = [
  [0.7977, 0.288, 0],
  [0.1352, 0.7119, 0],
  [0.0313, 0.0001, 0.8249],
];
const D50: Xyz = [0.9642, 1, 0.8249];
const HEADER_BYTES = 128;

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const xyz = (values: Xyz): Buffer =>
  Buffer.concat([Buffer.from('XYZ \0\0\0\0'), ...values.map((value) => uint32(Math.round(value * 65_536)))]);
const gamma = (value: number): Buffer =>
  Buffer.concat([Buffer.from('curv\0\0\0\0'), uint32(1), Buffer.from([Math.floor(value), (value % 1) * 256, 0, 0])]);
const description = (text: string): Buffer =>
  Buffer.concat([Buffer.from('desc\0\0\0\0'), uint32(text.length + 1), Buffer.from(`${text}\0`), Buffer.alloc(78 + 3)]);

/** A profile of version 2 for RGB by three primaries and one exponent (ICC.1 8.4.3). */
const matrixProfile = ([red, green, blue]: readonly [Xyz, Xyz, Xyz], exponent: number): Buffer => {
  const tags: [string, Buffer][] = [
    ['desc', description('made for a test')],
    ['cprt', Buffer.from('text\0\0\0\0none\0\0\0\0')],
    ['wtpt', xyz(D50)],
    ...(
      [
        ['rXYZ', red],
        ['gXYZ', green],
        ['bXYZ', blue],
      ] as const
    ).map(([name, at]): [string, Buffer] => [name, xyz(at)]),
    ...['rTRC', 'gTRC', 'bTRC'].map((name): [string, Buffer] => [name, gamma(exponent)]),
  ];
  let at = HEADER_BYTES + 4 + tags.length * 12;
  const table: Buffer[] = [];
  const contents: Buffer[] = [];
  for (const [name, data] of tags) {
    const padded = Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
    table.push(Buffer.from(name), uint32(at), uint32(data.length));
    contents.push(padded);
    at += padded.length;
  }
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(at, 0);
  header.set([2, 0x40], 8);
  header.write('mntrRGB XYZ ', 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  for (const [index, value] of D50.entries()) header.writeInt32BE(Math.round(value * 65_536), 68 + 4 * index);
  return Buffer.concat([header, uint32(tags.length), ...table, ...contents]);
};

/** sRGB with red and blue exchanged: a decoder that ignores the profile shows blue instead of red. */
export const exchangedProfile = (): Buffer => matrixProfile([SRGB[2], SRGB[1], SRGB[0]], 2.2);

export const proPhotoProfile = (): Buffer => matrixProfile(PROPHOTO, 1.8);

/** From XYZ to linear ProPhoto RGB: the inverse of its primaries. */
const TO_PROPHOTO: readonly [Xyz, Xyz, Xyz] = [
  [1.3459433, -0.2556075, -0.0511118],
  [-0.5445989, 1.5081673, 0.0205351],
  [0, 0, 1.2118128],
];

/** The numbers that mean in ProPhoto RGB what these mean in sRGB. */
export const inProPhoto = (colour: Xyz): [number, number, number] => {
  const linear = colour.map((value) => (value / 255) ** 2.2);
  const at = [0, 1, 2].map((axis) =>
    SRGB.reduce((sum, primary, index) => sum + (primary[axis] ?? 0) * (linear[index] ?? 0), 0),
  );
  const number = (row: Xyz): number => {
    const value = row.reduce((sum, factor, index) => sum + factor * (at[index] ?? 0), 0);
    return Math.round(255 * Math.max(0, value) ** (1 / 1.8));
  };
  return [number(TO_PROPHOTO[0]), number(TO_PROPHOTO[1]), number(TO_PROPHOTO[2])];
};

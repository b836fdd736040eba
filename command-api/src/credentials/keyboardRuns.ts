const DIGITS = '1234567890';
const COLUMNS_OF_KEYPAD = '147258369';
const ALPHABETS = ['abcdefghijklmnopqrstuvwxyz', 'αβγδεζηθικλμνξοπρστυφχψω', 'абвгдежзийклмнопрстуфхцчшщъыьэюя'];
/** The rows of letters of QWERTY, of QWERTZ without and with umlauts, of AZERTY and of ЙЦУКЕН. */
const KEYBOARDS = [
  ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
  ['qwertzuiop', 'asdfghjkl', 'yxcvbnm'],
  ['qwertzuiopü', 'asdfghjklöä', 'yxcvbnm'],
  ['azertyuiop', 'qsdfghjklm', 'wxcvbn'],
  ['йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю'],
];
/** The rows of signs of keyboards, and ASCII. All are as they are spelled to be compared: `№` is `no`. */
const SIGNS = [
  // With shift, in the United States, in Britain and in Germany.
  ['~!@#$%^&*()_+', '{}|', ':"', '<>?'],
  ['¬!"£$%^&*()_+', '{}', ':@~', '|<>?'],
  ['°!"§$%&/()=?`', ';:_'],
  // The same in Spain, in the north, in Italy, in Portugal, in Turkey, in Canada, in Russia and in Japan.
  ['!"·$%&/()=?¿'],
  ['!"#¤%&/()=?`'],
  ['|!"£$%&/()=?^'],
  ['!"#$%&/()=?»'],
  ["!'^+%&/()=?_"],
  ['!"/$%?&*()_+'],
  ['!"no;%:?*()_+'],
  ['!"#$%&\'()=~|', '<>?_'],
  // Without shift, in the United States and in France.
  ['`-=', '[]\\', ";'", ',./'],
  ['&é"\'(-è_çà)='],
  ['!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
];
/** Runs of two characters are in most words. */
const MIN_RUN = 3;
/** Continues a run of one letter or digit. */
const SAME = -1;

/** The first characters of all rows, then the second ones: `1qaz2wsx`, `1q2w3e`. */
const interleaved = (...rows: string[]): string => {
  const columns = Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, at) => at);
  return columns.flatMap((at) => rows.map((row) => row[at] ?? '')).join('');
};

/** The rows one after the other, from above and from below. */
const across = (rows: string[]): string[] => [rows, rows.toReversed()].map((ordered) => ordered.join(''));

const sequencesOf = (rows: string[]): string[] => {
  const [upper = '', middle = ''] = rows;
  return [
    ...across(rows),
    ...[[DIGITS, ...rows], rows, [upper, middle], [DIGITS, upper], [upper, DIGITS]].map((some) => interleaved(...some)),
  ];
};

/** For each two neighbours of a sequence, in both directions: the numbers of the sequences and directions. A sequence is a circle. */
const CONTINUED = new Map<string, number[]>();
[DIGITS, COLUMNS_OF_KEYPAD, ...ALPHABETS, ...KEYBOARDS.flatMap(sequencesOf), ...SIGNS.flatMap(across)]
  .flatMap((sequence) => [[...sequence], [...sequence].reverse()])
  .forEach((symbols, number) => {
    symbols.forEach((symbol, at) => {
      const pair = symbol + (symbols[at + 1] ?? symbols[0] ?? '');
      CONTINUED.set(pair, [...(CONTINUED.get(pair) ?? []), number]);
    });
  });

const continued = (before: string, symbol: string): readonly number[] =>
  before === symbol && /[\p{L}\p{N}]/u.test(symbol) ? [SAME] : (CONTINUED.get(before + symbol) ?? []);

/**
 * Whether a folded text can be cut into runs of at least three neighbours of the digits, an alphabet or a keyboard, such as
 * `abc123`, `qwertzuiopasdf` or `!@#$%^`. One pass: for each end, the longest run that ends there must begin at or before an end
 * that was found three characters earlier or more.
 */
export const consistsOfRuns = (text: string): boolean => {
  const symbols = [...text];
  /** Where the text before can be cut into runs, in ascending order. */
  const ends = [0];
  let runs = new Map<number, number>();
  for (let at = 1; at < symbols.length; at += 1) {
    const numbers = continued(symbols[at - 1] ?? '', symbols[at] ?? '');
    runs = new Map(numbers.map((number) => [number, runs.get(number) ?? at - 1]));
    const start = Math.min(...runs.values());
    const last = ends.findLast((end) => end <= at + 1 - MIN_RUN);
    if (last !== undefined && start <= last) ends.push(at + 1);
    // Runs to come begin here or later, and each must begin at or before an end: most passwords are told after three characters.
    if (Math.min(start, at) > (ends.at(-1) ?? 0)) return false;
  }
  return ends.at(-1) === symbols.length && symbols.length > 0;
};

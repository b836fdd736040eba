/** A complete subtree of `2 ** height` leaves, the `index`-th one of its height from the left. */
export interface Subtree {
  height: number;
  index: number;
}

/** The leaves from `start` (included) to `end` (excluded). */
export interface LeafRange {
  start: number;
  end: number;
}

/** The largest power of two that is smaller than `count`, where RFC 6962 splits `count` leaves. `count` is at least 2. */
export const splitOf = (count: number): number => {
  let split = 1;
  // Not with shifts: they have 32 bits, and a log may grow larger.
  while (split * 2 < count) split *= 2;
  return split;
};

/**
 * The complete subtrees that make up a range, from the left, each as large as possible. The start must be a multiple of the
 * largest power of two in the range, as in every range of a proof; then each subtree but the last is larger than the next, and
 * the hash of the range (RFC 6962, 2.1) folds them from the right.
 */
export const subtreesOf = ({ start, end }: LeafRange): Subtree[] => {
  const subtrees: Subtree[] = [];
  for (let at = start; at < end; ) {
    let [width, height] = [1, 0];
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      width *= 2;
      height += 1;
    }
    subtrees.push({ height, index: at / width });
    at += width;
  }
  return subtrees;
};

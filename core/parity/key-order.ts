const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;
/** Above every other unit of UTF-16. */
const ABOVE_ALL = 0x10000;

/**
 * Compares two keys as Amazon S3 orders a listing: by their UTF-8 bytes, which is the order of code points. The operators
 * of JavaScript compare units of UTF-16, which puts an emoji before U+E000 to U+FFFF.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html ("always returned in UTF-8 binary order")
 * @returns below 0 where the first comes first, above 0 where the second does, 0 where they are the same
 */
export function compareKeys(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Half of a character beyond U+FFFF comes after every whole one. */
function rank(unit: number): number {
  return unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE ? unit + ABOVE_ALL : unit;
}

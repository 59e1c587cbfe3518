/**
 * Whether two action patterns of IAM have an action in common. `*` stands for any characters and `?` for one; upper and
 * lower case are the same.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function actionsOverlap(one: string, other: string): boolean {
  return overlap(one.toLowerCase(), other.toLowerCase());
}

function overlap(one: string, other: string): boolean {
  if (one === '' && other === '') return true;
  if (one.startsWith('*')) return overlap(one.slice(1), other) || (other !== '' && overlap(one, other.slice(1)));
  if (other.startsWith('*')) return overlap(other, one);
  if (one === '' || other === '') return false;
  const same = one[0] === other[0] || one[0] === '?' || other[0] === '?';
  return same && overlap(one.slice(1), other.slice(1));
}

/**
 * The same function, which remembers what it gave for an object for as long as the object lives. For pure functions of a
 * config, which never changes.
 */
export function oncePer<Key extends object, Result>(derive: (key: Key) => Result): (key: Key) => Result {
  const known = new WeakMap<Key, Result>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const result = derive(key);
    known.set(key, result);
    return result;
  };
}

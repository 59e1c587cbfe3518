import { userInfo } from 'node:os';

/**
 * Who runs the command: a user without an entry on this machine, as in many containers, has a number and no name.
 *
 * @param read what the system knows of the user; it throws where that is nothing
 */
export function userName(read: () => { readonly username: string } = userInfo): string {
  try {
    return read().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

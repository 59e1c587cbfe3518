import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every file below a folder, with its path from where the folder is named. */
export function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

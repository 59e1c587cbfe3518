import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { IGNORED_RULES } from './cfn-lint.ts';

/** A linter's report is as long as its findings. */
const LONGEST_REPORT_BYTES = 64 * 1024 * 1024;

/** What the linter found, as it says it; empty where there is nothing. */
export type Findings = string;

/** Lints templates, in as many processes as there are to be. */
export async function lintTemplates(
  linter: string,
  templates: readonly string[],
  processes: number,
): Promise<readonly Findings[]> {
  const shares = shareOut(templates, processes).filter((share) => share.length > 0);
  const reports = await Promise.all(shares.map((share) => lint(linter, share)));
  return reports.filter((report) => report !== '');
}

/** Largest first, each to whoever has least so far: the linter's time grows with the size of a template. */
function shareOut(templates: readonly string[], processes: number): readonly (readonly string[])[] {
  const shares = Array.from({ length: processes }, () => ({ bytes: 0, templates: [] as string[] }));
  const sized = templates.map((path) => ({ path, bytes: statSync(path).size }));
  for (const { path, bytes } of sized.toSorted((a, b) => b.bytes - a.bytes)) {
    const least = shares.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    least.bytes += bytes;
    least.templates.push(path);
  }
  return shares.map((share) => share.templates);
}

/** The linter ends with a bit per kind of finding; one that ends so and says nothing has failed itself. */
function lint(linter: string, templates: readonly string[]): Promise<Findings> {
  const args = ['--ignore-checks', ...IGNORED_RULES, '--', ...templates];
  return new Promise((resolve) => {
    execFile(linter, args, { maxBuffer: LONGEST_REPORT_BYTES }, (error, stdout, stderr) => {
      const said = [stdout, stderr].join('\n').trim();
      resolve(error === null || said !== '' ? said : `${linter} failed: ${error.message}`);
    });
  });
}

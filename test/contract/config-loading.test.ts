import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runApp, runSwitchyard } from '../_helpers/run-bin.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HANGING = 'await new Promise(() => {});\n';

const BROKEN = [
  { name: 'exit.ts', text: 'process.exit(0);\nexport {};\n', says: 'exit.ts: the module ended the process' },
  { name: 'hang.ts', text: HANGING, says: 'hang.ts: the module never finished loading' },
  { name: 'syntax.ts', text: 'export default {\n  a::: 1,\n};\n', says: 'syntax.ts:2:5: the module cannot be loaded' },
  { name: 'enum.ts', text: '\n\nenum A { B }\nexport {};\n', says: 'enum.ts:3:1: the module cannot be loaded' },
  {
    name: 'throws.ts',
    text: '\n  throw new Error("no");\nexport {};',
    says: 'throws.ts:2:9: the module cannot be loaded',
  },
  {
    name: 'value.ts',
    text: 'throw { a: 1 };\nexport {};',
    says: 'the module throws no error but a value (found {"a":1})',
  },
  { name: 'noexport.ts', text: 'export const config = {};\n', says: 'noexport.ts: has no default export' },
  { name: 'missing.ts', text: undefined, says: 'missing.ts: the file cannot be read (ENOENT)' },
  { name: 'broken.json', text: '{', says: 'broken.json: the file is not JSON' },
];

function pathOf(name: string, text: string | undefined): string {
  const path = join(folder, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

describe('a config that cannot be loaded', () => {
  it.each(BROKEN)('is refused by the command line, which says what is wrong: $name', ({ name, text, says }) => {
    const { code, output, errors } = runSwitchyard('config', '--config', pathOf(name, text));
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toMatch(/^the config is refused:\n- .+\n$/);
    expect(errors).toContain(says);
  });

  it('is refused by the app in the same words, but for how another is named', () => {
    const path = join(folder, 'nowhere.ts');
    const { code, errors } = runApp(path, join(folder, 'out'));
    expect(code).toBe(2);
    expect(errors).toBe(
      runSwitchyard('config', '--config', path).errors.replace('--config <file>', '-c config=<file>'),
    );
  });

  it('is refused by the app where it never finishes loading', () => {
    const { code, errors } = runApp(pathOf('hang-app.ts', HANGING), join(folder, 'out'));
    expect(code).toBe(2);
    expect(errors).toMatch(/^the config is refused:\n- .*the module never finished loading; remove .*\n$/);
  });

  it('is refused by the app where it ends the process', () => {
    const { code, errors } = runApp(pathOf('exit-app.ts', 'process.exit(0);\nexport {};\n'), join(folder, 'out'));
    expect(code).toBe(2);
    expect(errors).toMatch(/the module ended the process; remove the call that ends it\n$/);
  });

  it('is refused where it is a folder', () => {
    mkdirSync(join(folder, 'folder.ts'));
    const { code, errors } = runSwitchyard('config', '--config', join(folder, 'folder.ts'));
    expect(code).toBe(2);
    expect(errors).toContain('folder.ts: is a folder; name a file');
  });

  it('is refused where its path is empty', () => {
    const { code, errors } = runSwitchyard('config', '--config', '');
    expect(code).toBe(2);
    expect(errors).toContain('- the path of the file is empty; name a file');
  });
});

describe('a config of JSON', () => {
  it('may begin with a byte order mark', () => {
    const printed = runSwitchyard('config').output;
    expect(runSwitchyard('config', '--config', pathOf('mark.json', `\uFEFF${printed}`)).output).toBe(printed);
  });
});

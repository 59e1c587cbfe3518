import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { distinctTemplates } from '../../scripts/lint-templates/distinct.ts';
import { lintTemplatesOf } from '../../scripts/lint-templates.ts';
import { ONE_PER_PRESET } from '../_fixtures/preset-matrix.ts';
import { recordingIo } from '../_helpers/recording-io.ts';
import { temporaryFolder } from '../_helpers/synthesize.ts';

/** One stack: the rest of the way is the same for all. */
const CONFIG = 'test/_fixtures/configs/dns-failover.json';

const EXECUTABLE = { mode: 0o755 };

/** A Python that installs a linter which notes what it was asked and then acts as told, in shell. */
function pythonWith(linter: string): { readonly python: string; readonly asked: string } {
  const folder = temporaryFolder('python');
  const asked = join(folder, 'asked');
  const program = join(folder, 'linter');
  const python = join(folder, 'python3');
  writeFileSync(
    program,
    `#!/bin/sh\n[ "$1" = --version ] && echo "cfn-lint 1.58.0" && exit\necho "$@" >> ${asked}\n${linter}\n`,
    EXECUTABLE,
  );
  writeFileSync(
    python,
    `#!/bin/sh\ncase "$2" in\nvenv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo made >> ${asked};;\npip) cp ${program} "$(dirname "$0")/cfn-lint";;\nesac\n`,
    EXECUTABLE,
  );
  return { python, asked };
}

async function run(
  python: string,
  {
    cache = temporaryFolder('cache'),
    configs = [CONFIG],
  }: { readonly cache?: string; readonly configs?: readonly (string | ResolvedConfig)[] } = {},
) {
  const io = recordingIo();
  const code = await lintTemplatesOf(configs, io, { cache, pythons: ['no-such-python', python] });
  return { code, output: io.output, errors: io.errors };
}

describe('npm run lint:templates', () => {
  it('runs the pinned linter over every template, and is content where it finds nothing', async () => {
    const { python, asked } = pythonWith('exit 0');
    const { code, output, errors } = await run(python);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toMatch(/^cfn-lint: 1 templates clean in [\d.]+ s$/);
    expect(readFileSync(asked, 'utf8')).toMatch(
      /^made\n--ignore-checks W3005 -- \S+switchyard-brochure-routing\.template\.json\n$/,
    );
  });

  it('is given the example, the fixtures and a config of every preset', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(scripts['lint:templates']).toMatch(
      / --presets --fleet test\/_fixtures\/fleets\/shop\.json switchyard\.config\.ts test\/_fixtures\/configs\/\*\.json$/,
    );
    expect(scripts.check).toContain('lint:templates');
  });

  it("looks at a fleet's own stacks too", async () => {
    const { python, asked } = pythonWith('exit 0');
    const io = recordingIo();
    const surroundings = {
      cache: temporaryFolder('cache'),
      pythons: [python],
      fleets: ['test/_fixtures/fleets/shop.json'],
    };
    expect(await lintTemplatesOf([], io, surroundings)).toBe(0);
    const looked = readFileSync(asked, 'utf8');
    for (const stack of ['coordination', 'region', 'vantage'])
      expect(looked).toContain(`switchyard-fleet-shop-${stack}`);
  });

  it('takes configs as well as their paths, and looks once at stacks that differ in Regions alone', async () => {
    const { python, asked } = pythonWith('exit 0');
    const configs = ONE_PER_PRESET.filter(({ preset }) => preset === 'queue-based-writes').map(({ config }) => config);
    const { output } = await run(python, { configs });
    expect(output).toMatch(/^cfn-lint: 3 templates clean in [\d.]+ s; 2 more differ from them in Regions alone$/);
    expect(readFileSync(asked, 'utf8').match(/-region-[\w-]+\.template\.json/g)).toHaveLength(1);
  });

  it('tells templates apart by everything but Regions', () => {
    const folder = temporaryFolder('templates');
    const written = ['"eu-west-1a"', '"eu-west-1"', '"us-gov-east-1"', '"eusc-de-east-1"', '"eu-west"'].map(
      (text, at) => {
        const path = join(folder, String(at));
        writeFileSync(path, text);
        return path;
      },
    );
    expect(distinctTemplates(written).map((path) => readFileSync(path, 'utf8'))).toEqual([
      '"eu-west-1a"',
      '"eu-west-1"',
      '"eu-west"',
    ]);
  });

  it('takes logical ids for the same whose path names another Region', () => {
    const folder = temporaryFolder('templates');
    const written = [
      '"Alarmsofeuwest1service0A1B2C3D": "eu-west-1"',
      '"Alarmsofuseast2service4E5F6A7B": "us-east-2"',
      '"Alarmsofuseast2queue4E5F6A7B": "us-east-2"',
    ].map((text, at) => {
      const path = join(folder, String(at));
      writeFileSync(path, text);
      return path;
    });
    expect(distinctTemplates(written)).toEqual([written[0], written[2]]);
  });

  it('uses the linter again that it installed before', async () => {
    const cache = temporaryFolder('cache');
    const { python, asked } = pythonWith('exit 0');
    await run(python, { cache });
    await run(python, { cache });
    expect(readFileSync(asked, 'utf8').match(/made/g)).toHaveLength(1);
  });

  it('ends with 1 on findings, and shows them', async () => {
    const { code, output } = await run(pythonWith('echo "E3002 is wrong"; exit 2').python);
    expect(code).toBe(1);
    expect(output).toMatch(/^E3002 is wrong\ncfn-lint: 1 templates looked at/);
  });

  it('ends with 1 where the linter fails without a word', async () => {
    expect(await run(pythonWith('exit 3').python)).toMatchObject({
      code: 1,
      output: expect.stringContaining('failed'),
    });
  });

  it('says in one line that it is skipped where there is no Python', async () => {
    const io = recordingIo();
    expect(await lintTemplatesOf([CONFIG], io, { cache: temporaryFolder('cache'), pythons: ['no-such-python'] })).toBe(
      0,
    );
    expect(io.errors).toBe('cfn-lint is skipped: no Python 3.10 or newer (no-such-python)');
  });

  it('ends with 1 where it is required and there is no Python', async () => {
    const io = recordingIo();
    const surroundings = { cache: temporaryFolder('cache'), pythons: ['no-such-python'], required: true };
    expect(await lintTemplatesOf([CONFIG], io, surroundings)).toBe(1);
    expect(io.errors).toBe('cfn-lint cannot run: no Python 3.10 or newer (no-such-python)');
  });

  it('says why where the linter cannot be installed, and leaves nothing half made', async () => {
    const python = join(mkdtempSync(join(temporaryFolder('broken'), 'python-')), 'python3');
    const script = '#!/bin/sh\n[ "$2" = venv ] && mkdir -p "$3" && echo "no ensurepip" >&2 && exit 1\nexit 0\n';
    writeFileSync(python, script, EXECUTABLE);
    const cache = temporaryFolder('cache');
    const { code, errors } = await run(python, { cache });
    expect({ code, errors }).toEqual({
      code: 0,
      errors: 'cfn-lint is skipped: cfn-lint 1.58.0 cannot be installed (no ensurepip)',
    });
    expect(existsSync(join(cache, 'cfn-lint-1.58.0'))).toBe(false);
  });

  it('ends with 2 on a config that is refused', async () => {
    const { code, errors } = await run(pythonWith('exit 0').python, { configs: ['missing.json'] });
    expect(code).toBe(2);
    expect(errors).toContain('ENOENT');
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/io.ts';
import { URL_VARIABLES } from '../../cli/reconcile/connect.ts';
import { DEFAULT_STORE } from '../../cli/reconcile/task.ts';
import { DIFFERENCE_CLASSES } from '../../core/reconcile/difference.ts';
import { POLICIES } from '../../core/reconcile/entity.ts';
import { KEYS_LISTED } from '../../core/reconcile/plan.ts';
import { reconcileDesk } from '../_helpers/reconcile-command.ts';
import { order, orderTables } from '../_helpers/reconcile-tables.ts';

const TEXT = readFileSync('docs/reconciliation.md', 'utf8');

describe('docs/reconciliation.md', () => {
  it('shows commands that do what it says, one after the other', async () => {
    const tables = orderTables({
      source: [order('1', 'sent', 5), order('2', 'sent', 5)],
      target: [order('1', 'paid', -5), order('2', 'cancelled', 6)],
    });
    const desk = reconcileDesk(() => tables);
    const commands = [...TEXT.matchAll(/^npm run -s switchyard -- reconcile (.*)$/gm)].map(([, words = '']) => words);
    const codes: number[] = [];
    let digest = '';
    for (const words of commands) {
      const { code, output } = await desk.run(...words.replace('<digest>', digest).split(' '));
      digest ||= /digest +(\w+)/.exec(output)?.[1] ?? '';
      codes.push(code);
    }
    expect(codes).toEqual([EXIT.drift, EXIT.drift, EXIT.drift, EXIT.drift]);
    expect(tables.target.rows).toEqual([order('1', 'sent', 5), order('2', 'cancelled', 6)]);
  });

  it.each([...DIFFERENCE_CLASSES, ...POLICIES, ...Object.values(URL_VARIABLES), DEFAULT_STORE])(
    'explains %s',
    (word) => {
      expect(TEXT).toContain(word);
    },
  );

  it('leads to a list of the fields that an entity has', () => {
    const listed = readFileSync('docs/configuration.md', 'utf8');
    const fields = ['tier', 'policy', 'table', 'modifiedColumn', 'createdColumn', 'tombstones.table', 'ignoredColumns'];
    for (const field of fields) expect(listed).toContain(`| \`reconcile.entities.<name>.${field}\` |`);
    expect(TEXT).toContain('](configuration.md#fields)');
  });

  it('has a line for every exit code', () => {
    const lines = [...TEXT.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(lines).toEqual(Object.values(EXIT));
  });

  it('says how many keys are listed', () => {
    expect(TEXT).toContain(`up to ${KEYS_LISTED} \`keys\``);
  });
});

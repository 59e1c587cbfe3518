import { describe, expect, it } from 'vitest';
import type { MemoryTable } from '../../adapters/memory/memory-table.ts';
import { commandLine, quoteForShell } from '../../cli/reconcile/command-line.ts';
import { connectTables } from '../../cli/reconcile/connect.ts';
import { awaitSignals } from '../../cli/reconcile/interruption.ts';
import { userName } from '../../cli/reconcile/user-name.ts';
import type { Sides } from '../../core/reconcile/entity.ts';
import { ReconcileError } from '../../core/reconcile/errors.ts';
import type { Table } from '../../core/reconcile/table.ts';
import { hasPlans, reconcileDesk } from '../_helpers/reconcile-command.ts';
import { order, orderTable, orderTables } from '../_helpers/reconcile-tables.ts';

const PLAN = ['--plan', '--plan-id', 'monday', '--cut', '2026-03-01T10:00:00Z'] as const;

function divergedTables(): Sides<MemoryTable> {
  const same = Array.from({ length: 100 }, (_, index) => order(String(100 + index), 'paid', -60));
  const tables = orderTables({ source: same, target: same });
  tables.source.put(order('110', 'sent', 5));
  tables.source.put(order('130', 'sent', 5));
  tables.target.put(order('130', 'cancelled', 6));
  tables.target.put(order('new-there', 'paid', 5));
  return tables;
}

describe('switchyard reconcile', () => {
  it('plans, applies what is approved, and verifies, as the messages say', async () => {
    const tables = divergedTables();
    const desk = reconcileDesk(() => tables);
    const planned = await desk.run(...PLAN);
    expect(planned.code).toBe(4);
    expect(planned.output).toContain('orders (critical, manual): 101 rows compared, 3 differ');
    expect(planned.output).toContain('- 130: both Regions changed it since they parted');
    expect(tables.source.writes).toEqual([]);
    expect(planned.output).toContain('not verified\n1 row keeps traffic from going back');
    const next = /next: npm run -s switchyard -- reconcile (.*)$/m.exec(planned.errors)?.[1] ?? '';
    expect(next).toContain(` --config ${desk.config} --store ${desk.store} --approve `);
    const applied = await desk.run(...next.split(' '));
    expect(applied.code).toBe(4);
    expect(applied.output).toMatch(/resolved 2, left to a person 1/);
    expect(applied.errors).toContain('reconcile --verify --plan-id monday');
    expect([tables.source.writes.length, tables.target.writes.length]).toEqual([1, 1]);
    const verified = await desk.run('--verify', '--plan-id', 'monday', '--settle', '0');
    expect(verified.code).toBe(4);
    expect(verified.output).toContain(
      '\nclean: nothing differs but what was left to a person\n1 row keeps traffic from going back',
    );
  });

  it('ends with 0 where nothing differs, and after everything was repaired', async () => {
    const tables = orderTables({ source: [order('1', 'new', 5)], target: [order('1', 'old', -5)] });
    const desk = reconcileDesk(() => tables);
    const { digest } = JSON.parse((await desk.run(...PLAN, '--json')).output);
    expect((await desk.run('--apply', '--plan-id', 'monday', '--approve', digest)).code).toBe(0);
    expect((await desk.run('--verify', '--plan-id', 'monday', '--settle', '0')).code).toBe(0);
    expect((await desk.run('--plan', '--plan-id', 'again')).code).toBe(0);
  });

  it('gives the report by section as one document, and nothing else', async () => {
    const desk = reconcileDesk(divergedTables);
    const { output } = await desk.run(...PLAN, '--json');
    expect(JSON.parse(output)).toMatchObject({
      schemaVersion: 1,
      planId: 'monday',
      regions: { source: 'ap-northeast-1', target: 'ap-southeast-1' },
      repair: 'both-sides',
      sections: [
        {
          name: 'orders',
          compared: 101,
          discrepancies: { total: 3, mismatch: 1, conflict: 1, 'missing-in-source': 1 },
          pending: 2,
          unresolved: 1,
          keys: [{ key: ['130'] }],
        },
      ],
      clean: null,
      pass: { stage: 'plan', done: 101 },
    });
  });

  it('run twice, finds the plan made and the repairs done', async () => {
    const tables = divergedTables();
    const desk = reconcileDesk(() => tables);
    const [first, second] = [await desk.run(...PLAN, '--json'), await desk.run(...PLAN, '--json')];
    const { pass: _, ...report } = JSON.parse(first.output);
    expect(JSON.parse(second.output)).toMatchObject(report);
    expect([first.errors, second.errors]).toEqual([
      expect.not.stringContaining('made before'),
      expect.stringContaining('was made before and is shown as it was'),
    ]);
    const apply = ['--apply', '--plan-id', 'monday', '--approve', report.digest];
    const [once, twice] = [await desk.run(...apply), await desk.run(...apply)];
    expect(twice.output).toBe(once.output);
    expect(tables.source.writes).toHaveLength(1);
  });

  it('applies nothing that was not approved, and names the digest that it would take', async () => {
    const tables = divergedTables();
    const desk = reconcileDesk(() => tables);
    const { digest } = JSON.parse((await desk.run(...PLAN, '--json')).output);
    const bare = await desk.run('--apply', '--plan-id', 'monday');
    expect(bare).toMatchObject({ code: 3, output: '' });
    expect(bare.errors).toContain(`refused: the plan monday is not approved; approve its digest ${digest}`);
    const wrong = await desk.run('--apply', '--plan-id', 'monday', '--approve', 'f'.repeat(64));
    expect(wrong).toMatchObject({ code: 3, output: '' });
    expect(tables.source.writes).toEqual([]);
  });

  it('stops when it is asked to, says how to go on, and goes on from there', async () => {
    const tables = divergedTables();
    let asked = true;
    const awaitInterruption = () => ({ isAsked: () => asked, end: () => undefined });
    const desk = reconcileDesk(() => tables, { awaitInterruption });
    const stopped = await desk.run(...PLAN);
    expect(stopped).toMatchObject({ code: 130, output: '' });
    const goOn = /Go on: npm run -s switchyard -- reconcile (.*)$/m.exec(stopped.errors)?.[1] ?? '';
    expect(goOn).toBe(
      `--plan --plan-id monday --cut 2026-03-01T10:00:00Z --config ${desk.config} --store ${desk.store}`,
    );
    expect((await desk.run(...PLAN.map((word) => (word === 'monday' ? 'dry' : word)), '--dry-run')).errors).toBe(
      'stopped; nothing was kept',
    );
    asked = false;
    expect((await desk.run(...goOn.split(' '))).code).toBe(4);
  });

  it('keeps nothing with --dry-run, and writes nothing', async () => {
    const tables = divergedTables();
    const desk = reconcileDesk(() => tables);
    const planned = await desk.run(...PLAN, '--dry-run');
    expect([planned.code, planned.errors]).toEqual([4, expect.stringContaining('nothing was kept')]);
    expect(planned.errors).not.toContain('next:');
    expect(hasPlans(desk)).toBe(false);
    await desk.run(...PLAN);
    const told = await desk.run('--apply', '--plan-id', 'monday', '--dry-run');
    expect(told.code).toBe(4);
    expect(told.output).toContain('to be applied 2');
    expect(told.errors).toContain('nothing was written');
    expect(tables.source.writes).toEqual([]);
  });

  it('refuses tables of different columns, naming every difference', async () => {
    const target = orderTable([], { columns: [{ name: 'id', type: 'bigint' }] });
    const desk = reconcileDesk(() => ({ source: orderTable([]), target }));
    const { code, errors } = await desk.run(...PLAN);
    expect(code).toBe(3);
    expect(errors).toMatch(/column id is text in source, bigint in target\n.*column modified_at.*\n.*column note/);
  });

  it('says of every table at once why it cannot be compared, and once what is wrong with a whole store', async () => {
    const narrow = orderTable([], { columns: [{ name: 'id', type: 'text' }] });
    const failing = (message: string) => ({
      ...narrow,
      shape: async () => {
        throw new ReconcileError('StoreRefusedError', message, { source: 'operator' });
      },
    });
    const sides: Readonly<Record<string, () => Sides<Table>>> = {
      orders: () => ({ source: orderTable([]), target: narrow }),
      payments: () => ({ source: orderTable([]), target: failing('table payments is not there') }),
      customers: () => ({ source: orderTable([]), target: failing('customers in eu-west-1: wrong password') }),
      products: () => ({ source: orderTable([]), target: failing('products in eu-west-1: wrong password') }),
    };
    const entities = Object.fromEntries(Object.keys(sides).map((name) => [name, { modifiedColumn: 'modified_at' }]));
    const desk = reconcileDesk(({ name }) => sides[name]?.() as Sides<Table>, {}, {
      entities: { ...entities, inventory: false },
    } as never);
    const { code, errors } = await desk.run(...PLAN);
    expect(code).toBe(1);
    expect(errors).toMatch(/^switchyard failed: customers in eu-west-1: wrong password\norders: the two tables/);
    expect(errors).toMatch(/column note .*\n.*\npayments: table payments is not there \[STORE_REFUSED\]$/);
  });

  it('fails with the code of the error where a database does not answer, and goes on when it does', async () => {
    let isDown = true;
    const tables = divergedTables();
    const source = {
      ...tables.source,
      shape: async () => {
        if (isDown) throw new ReconcileError('TransientStoreError', 'orders in ap-northeast-1: connection refused');
        return tables.source.shape();
      },
    };
    const desk = reconcileDesk(() => ({ ...tables, source }));
    const failed = await desk.run(...PLAN);
    expect(failed.code).toBe(1);
    expect(failed.errors).toContain('connection refused [TRANSIENT_STORE]');
    expect(failed.errors).toContain('Go on: npm run -s switchyard -- reconcile --plan --plan-id monday --cut');
    isDown = false;
    expect((await desk.run(...PLAN)).code).toBe(4);
  });

  it('says how far it is, how fast, and how long it will take', async () => {
    const desk = reconcileDesk(divergedTables, {}, { rowsPerRange: 1_000 });
    const { progress } = await desk.run(...PLAN);
    expect(progress[0]).toMatch(/^plan {3}\[\.{20}\] {3}0 % {2}0 of 101 rows, 0 rows\/s$/);
    expect(progress.at(-1)).toBe('');
  });

  it('waits between two looks of a verification as long as replication may take', async () => {
    const slept: number[] = [];
    const tables = divergedTables();
    const desk = reconcileDesk(() => tables, { sleep: async (milliseconds) => void slept.push(milliseconds) });
    const { digest } = JSON.parse((await desk.run(...PLAN, '--json')).output);
    await desk.run('--apply', '--plan-id', 'monday', '--approve', digest);
    tables.target.put(order('150', 'sent', 90));
    const verified = await desk.run('--verify', '--plan-id', 'monday', '--settle', '7');
    expect(slept).toEqual([7_000]);
    expect(verified.output).toContain(
      '\nnot clean: rows differ that were not left to a person\n2 rows keep traffic from going back',
    );
  });
});

describe('the report of a target that follows the source', () => {
  const replicated = () => {
    const tables = orderTables({ source: [order('1', 'new', 5)], target: [order('2', 'lost', 5)] });
    return { tables, desk: reconcileDesk(() => tables, {}, { repair: 'source-only' }) };
  };

  it('does not pass what is left to replication off as equal', async () => {
    const { desk } = replicated();
    const planned = await desk.run(...PLAN);
    expect(planned.output).toContain('of these  to be applied 1, left to replication 1');
    expect(planned.output).toContain('nothing keeps traffic from going back once the plan is applied');
    const digest = /digest +(\w+)/.exec(planned.output)?.[1] ?? '';
    const applied = await desk.run('--apply', '--plan-id', 'monday', '--approve', digest);
    expect(applied.output).toMatch(/not verified\nnothing keeps traffic from going back$/);
    const verified = await desk.run('--verify', '--plan-id', 'monday', '--settle', '0');
    expect(verified.output).toContain('compared again, 0 differ, without those left to replication');
    expect(verified.output).toContain('clean: nothing differs but what was left to a person or to replication');
  });
});

describe('a command line that goes on', () => {
  it.each([
    ['plans', 'plans'],
    ['/tmp/a b', "'/tmp/a b'"],
    ["it's $HOME", String.raw`'it'\''s $HOME'`],
    ['', "''"],
  ])('holds %s as a shell takes it', (word, quoted) => {
    expect(quoteForShell(word)).toBe(quoted);
  });

  it('makes a plan of the same Regions, moment and entities', () => {
    const options = { plan: true, source: 'a', target: 'b', entity: ['x', 'y'], store: 'p', dryRun: true } as const;
    expect(commandLine(options, 'monday', 'plan')).toBe(
      'npm run -s switchyard -- reconcile --plan --plan-id monday --source a --target b --entity x --entity y --store p',
    );
    expect(commandLine(options, 'monday', 'verify')).toMatch(/--verify --plan-id monday --store p$/);
  });
});

describe('what the command refuses', () => {
  it.each<{ what: string; words: readonly string[]; problems: readonly string[] }>([
    { what: 'nothing to do', words: [], problems: ['does not say what to do'] },
    {
      what: 'everything at once',
      words: ['--plan', '--apply', '--plan-id', '../x', '--cut', 'monday', '--source', 'mars', '--entity', 'ships'],
      problems: [
        'says more than one thing',
        '--plan-id: cannot be used',
        '--cut: is no moment',
        '--source: is not an allowed Region (found "mars"; allowed: ap-northeast-1)',
        '--entity: is not reconciled (found "ships"; allowed: orders)',
      ],
    },
    {
      what: 'a parting that is still to come',
      words: ['--plan', '--cut', '2026-04-01T10:00:00Z'],
      problems: ['--cut: is still to come, so that the Regions have not parted (found "2026-04-01T10:00:00Z"'],
    },
    { what: 'no plan', words: ['--apply'], problems: ['--plan-id: is missing'] },
    {
      what: 'an option of another action',
      words: ['--plan', '--approve', 'x', '--settle', '5'],
      problems: ['--approve: means nothing with --plan (allowed: with --apply)', '--settle: means nothing with --plan'],
    },
    {
      what: 'a time that is none',
      words: ['--verify', '--plan-id', 'monday', '--settle', '1.5'],
      problems: ['--settle: is no whole number in range', 'names no plan of this folder'],
    },
  ])('is $what, all of it, with 2', async ({ words, problems }) => {
    const desk = reconcileDesk(divergedTables);
    if (words.includes('--verify')) await desk.run(...PLAN);
    const { code, errors, output } = await desk.run(...words.map((word) => word.replace('monday', 'tuesday')));
    expect(code).toBe(2);
    expect(output).toBe('');
    for (const problem of problems) expect(errors).toContain(problem);
  });

  it('is a plan that is not there, with those that are', async () => {
    const desk = reconcileDesk(divergedTables);
    await desk.run(...PLAN);
    const { errors } = await desk.run('--verify', '--plan-id', 'sunday');
    expect(errors).toContain('--plan-id: names no plan of this folder (found "sunday"; allowed: monday)');
  });

  it('is an environment without the URLs, which it never tells', async () => {
    const environment = { SWITCHYARD_RECONCILE_TARGET_URL: 'my password is sesame' };
    const desk = reconcileDesk(divergedTables, { connect: connectTables, environment });
    const { code, errors } = await desk.run(...PLAN);
    expect(code).toBe(2);
    expect(errors).toContain(
      'SWITCHYARD_RECONCILE_SOURCE_URL: is not set; set it to the URL of the database in ap-northeast-1',
    );
    expect(errors).toContain('SWITCHYARD_RECONCILE_TARGET_URL: is no URL of PostgreSQL');
    expect(errors).not.toContain('sesame');
  });
});

describe('who approves', () => {
  it('is told by number where this machine knows no name', () => {
    const nobody = () => {
      throw new Error('uv_os_get_passwd returned ENOENT');
    };
    expect(userName(() => ({ username: 'ana' }))).toBe('ana');
    expect(userName(nobody)).toMatch(/^uid (\d+|unknown)$/);
  });
});

describe('a signal', () => {
  it('asks once, and has its ordinary meaning from then on', () => {
    const before = process.listeners('SIGINT');
    let told = 0;
    const interruption = awaitSignals(() => (told += 1));
    const added = process.listeners('SIGINT').filter((listener) => !before.includes(listener));
    expect([added.length, interruption.isAsked()]).toEqual([1, false]);
    added[0]?.('SIGINT');
    expect([told, interruption.isAsked()]).toEqual([1, true]);
    expect(process.listeners('SIGINT')).toEqual(before);
    interruption.end();
  });
});

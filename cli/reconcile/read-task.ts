import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createFolderStore } from '../../adapters/folder-store.ts';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { applicationRegions, homeRegion } from '../../core/config/accessors.ts';
import { reconciledEntities } from '../../core/config/reconcile-entities.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { type Problem, RefusedInputError } from '../../core/errors.ts';
import { isoTime } from '../../core/iso-time.ts';
import { isPlanId, PLAN_ID_ALLOWED } from '../../core/reconcile/open-plan.ts';
import { planNames } from '../../core/reconcile/plan.ts';
import type { ReconcileStore } from '../../core/reconcile/store.ts';
import { loadConfig } from '../load-config.ts';
import { createRefusals } from '../refusals.ts';
import { readWholeNumber } from '../whole-number.ts';
import {
  DEFAULT_STORE,
  type PlanTask,
  type ReconcileOptions,
  type ReconcileSection,
  type ReconcileTask,
} from './task.ts';

/** What the command can do, and the options that only some of it takes. */
const ACTIONS = {
  plan: ['source', 'target', 'cut', 'entity', 'dryRun'],
  apply: ['approve', 'dryRun'],
  verify: ['settle'],
} as const satisfies Readonly<Record<ReconcileTask['action'], readonly (keyof ReconcileOptions)[]>>;
type Action = keyof typeof ACTIONS;
const ACTION_NAMES = Object.keys(ACTIONS) as readonly Action[];

/**
 * Reads what the command is to do.
 *
 * @throws {RefusedInputError | SeveralRefusedError} naming everything that is wrong with the options and the config
 */
export async function readTask(options: ReconcileOptions, nowEpochMs: number): Promise<ReconcileTask> {
  const refusals = createRefusals();
  const action = ACTION_NAMES.find((name) => options[name] === true) ?? 'plan';
  await refusals.attempt(() => throwIfAny('the command line', optionProblems(options, nowEpochMs)));
  const config = await refusals.attempt(() => loadConfig(options.config));
  const section = config && (await refusals.attempt(() => sectionOf(config)));
  const request = config && (await refusals.attempt(() => readRequest(options, config)));
  const store = await refusals.attempt(() => openStore(options, action));
  if (store !== undefined && action !== 'plan') {
    await refusals.attempt(() => assertPlanThere(store, options.planId ?? ''));
  }
  refusals.throwIfAny();
  if (config === undefined || section === undefined || request === undefined || store === undefined) {
    throw new Error('nothing was refused');
  }
  const planId = options.planId ?? `${config.application}-${isoTime(nowEpochMs).replace(/[-:]|\.\d+/g, '')}`;
  const common = { config, section, planId, store, options };
  const dryRun = options.dryRun === true;
  if (action === 'plan') return { ...common, action, ...request, dryRun };
  if (action === 'apply') return { ...common, action, approve: options.approve, dryRun };
  return { ...common, action, settleSeconds: readSettle(options).value ?? section.maximumLagSeconds };
}

/** Those that need no config to be seen. */
function optionProblems(options: ReconcileOptions, nowEpochMs: number): readonly Problem[] {
  const problems = [...actionProblems(options), ...misplacedOptions(options), ...valueProblems(options)];
  return [...problems, ...cutProblems(options, nowEpochMs)];
}

function actionProblems(options: ReconcileOptions): readonly Problem[] {
  const given = ACTION_NAMES.filter((name) => options[name] === true);
  if (given.length === 1) return [];
  const message = given.length === 0 ? 'does not say what to do' : 'says more than one thing to do';
  return [{ path: '', message, allowed: '--plan, --apply or --verify', remedy: 'give one of them' }];
}

function misplacedOptions(options: ReconcileOptions): readonly Problem[] {
  const given = ACTION_NAMES.filter((name) => options[name] === true);
  const [action] = given;
  if (action === undefined || given.length > 1) return [];
  const allowed: readonly (keyof ReconcileOptions)[] = ACTIONS[action];
  const limited = new Set(Object.values(ACTIONS).flat());
  return [...limited]
    .filter((name) => options[name] !== undefined && !allowed.includes(name))
    .map((name) => ({
      path: flagOf(name),
      message: `means nothing with --${action}`,
      allowed: ACTION_NAMES.filter((other) => (ACTIONS[other] as readonly string[]).includes(name))
        .map((other) => `with --${other}`)
        .join(', '),
      remedy: 'leave it out',
    }));
}

function valueProblems(options: ReconcileOptions): readonly Problem[] {
  const { planId, apply, verify } = options;
  const settle = readSettle(options).problem;
  const needsId = (apply === true || verify === true) && planId === undefined;
  return [
    ...(needsId ? [{ path: '--plan-id', message: 'is missing', remedy: 'name the plan, as --plan has told it' }] : []),
    ...(planId === undefined || isPlanId(planId)
      ? []
      : [
          {
            path: '--plan-id',
            message: 'cannot be used',
            value: planId,
            allowed: PLAN_ID_ALLOWED,
            remedy: 'correct it',
          },
        ]),
    ...(settle === undefined ? [] : [settle]),
  ];
}

/** Before a cut that is still to come nothing would count as changed. */
function cutProblems({ cut }: ReconcileOptions, nowEpochMs: number): readonly Problem[] {
  if (cut === undefined) return [];
  const at = momentOf(cut);
  const problem = { path: '--cut', value: cut, allowed: MOMENT_ALLOWED, remedy: 'correct it' };
  if (at === undefined) return [{ ...problem, message: 'is no moment' }];
  return at > nowEpochMs ? [{ ...problem, message: 'is still to come, so that the Regions have not parted' }] : [];
}

const MOMENT_ALLOWED = 'a date and a time with its zone, such as 2026-03-01T10:00:00Z';

function momentOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

function readSettle({ settle }: ReconcileOptions): ReturnType<typeof readWholeNumber> {
  return readWholeNumber('--settle', settle, { least: 0, most: 3_600 });
}

function flagOf(name: keyof ReconcileOptions): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function sectionOf({ reconcile }: ResolvedConfig): ReconcileSection {
  if (reconcile !== undefined) return reconcile;
  throw new RefusedInputError('the config', [
    {
      path: 'reconcile',
      message: 'is missing, so there is nothing to compare',
      remedy: 'add the section (docs/reconciliation.md)',
    },
  ]);
}

/** What a plan is to be made of: the Regions, the moment of their parting, and what is compared. */
function readRequest(
  options: ReconcileOptions,
  config: ResolvedConfig,
): Pick<PlanTask, 'regions' | 'cutEpochMs' | 'entities'> {
  const known = applicationRegions(config);
  const target = options.target ?? homeRegion(config).id;
  const others = known.filter((id) => id !== target);
  const source = options.source ?? (others.length === 1 ? others[0] : undefined);
  const all = reconciledEntities(config);
  throwIfAny('the command line', [
    ...regionProblems('--target', target, known),
    ...regionProblems('--source', source, others),
    ...unknownEntities(
      options.entity ?? [],
      all.map(({ name }) => name),
    ),
  ]);
  const wanted = options.entity === undefined ? all : all.filter(({ name }) => options.entity?.includes(name));
  const cutEpochMs = options.cut === undefined ? null : (momentOf(options.cut) ?? null);
  return { regions: { source: source ?? '', target }, cutEpochMs, entities: wanted };
}

function regionProblems(path: string, region: string | undefined, allowed: readonly string[]): readonly Problem[] {
  if (region !== undefined && allowed.includes(region)) return [];
  const what =
    region === undefined ? { message: 'is missing' } : { message: 'is not an allowed Region', value: region };
  return [{ path, ...what, allowed: allowed.join(', '), remedy: 'name a Region of the application' }];
}

function unknownEntities(given: readonly string[], known: readonly string[]): readonly Problem[] {
  return given
    .filter((name) => !known.includes(name))
    .map((value) => ({
      path: '--entity',
      message: 'is not reconciled',
      value,
      allowed: known.join(', '),
      remedy: 'correct the name, or configure it',
    }));
}

function openStore({ store = DEFAULT_STORE, dryRun }: ReconcileOptions, action: Action): ReconcileStore {
  if (action === 'plan' && dryRun === true) return withoutParts(createMemoryStore());
  try {
    const mode = action === 'apply' && dryRun === true ? constants.R_OK : constants.W_OK;
    accessSync(action === 'plan' ? nearestFolder(store) : store, mode | constants.X_OK);
    return createFolderStore(store);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const problem = { path: store, message: `cannot be used (${code})`, remedy: 'name the folder that holds the plan' };
    throw new RefusedInputError('--store', [problem]);
  }
}

/** Keeps what a plan says in sum, and not its lines, which may be as many as the tables have rows. */
function withoutParts(store: ReconcileStore): ReconcileStore {
  return { ...store, put: async (name, text) => (planNames.isPart(name) ? undefined : store.put(name, text)) };
}

/** The folder itself, or that in which it would be made: nothing is made before all input has been accepted. */
function nearestFolder(path: string): string {
  const folder = resolve(path);
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

async function assertPlanThere(store: ReconcileStore, planId: string): Promise<void> {
  if (!isPlanId(planId) || (await store.get(planNames.header(planId))) !== undefined) return;
  const known: string[] = [];
  for await (const name of store.names('')) if (name.endsWith('/header.json')) known.push(name.split('/')[0] ?? '');
  const allowed = known.length === 0 ? 'none, the folder holds no plan' : known.join(', ');
  const remedy = 'correct it, or name another folder with --store';
  throw new RefusedInputError('the command line', [
    { path: '--plan-id', message: 'names no plan of this folder', value: planId, allowed, remedy },
  ]);
}

function throwIfAny(subject: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new RefusedInputError(subject, problems);
}

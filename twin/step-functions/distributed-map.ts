import { type ItemReader, type ReadObject, readerFaults, readItems } from './item-reader.ts';
import type { StateDefinition } from './state-definition.ts';
import { namedError } from './task-tokens.ts';

/** A Map in distributed mode, as far as the twin runs it. */
export interface DistributedMap extends StateDefinition {
  /** Where the items are in the state's input. One of this and `ItemReader`. */
  readonly ItemsPath?: string;
  readonly ItemReader?: ItemReader;
  readonly ItemSelector: Readonly<Record<string, unknown>>;
  /** One of this and `MaxConcurrencyPath`. */
  readonly MaxConcurrency?: number;
  readonly MaxConcurrencyPath?: string;
  readonly ToleratedFailureCount?: number;
  readonly ToleratedFailurePercentage?: number;
  readonly Label: string;
  readonly ItemProcessor: {
    readonly ProcessorConfig: { readonly Mode: string; readonly ExecutionType: string };
    readonly StartAt: string;
    readonly States: Readonly<Record<string, StateDefinition>>;
  };
}

/** Every field of such a state that the twin honours; a definition with another one is refused. */
const HONOURED: ReadonlySet<string> = new Set([
  ...['Type', 'Comment', 'ItemsPath', 'ItemReader', 'ItemSelector', 'Label', 'ItemProcessor'],
  ...['MaxConcurrency', 'MaxConcurrencyPath'],
  ...['ToleratedFailureCount', 'ToleratedFailurePercentage', 'ResultPath', 'Catch', 'Next'],
]);

/** A path of names. */
const REFERENCE_PATH = /^\$(\.\w+)*$/;
const ITEM_VALUE = '$$.Map.Item.Value';
const ITEM_INDEX = '$$.Map.Item.Index';

/** Whether a state is a Map; all that the project has are distributed. */
export function isMap(state: StateDefinition): state is DistributedMap {
  return state.Type === 'Map';
}

/** Refuses what the twin would run otherwise than AWS does, by name. */
export function assertRunnable(name: string, state: DistributedMap): void {
  const strange = Object.keys(state).filter((field) => !HONOURED.has(field));
  const { Mode, ExecutionType } = state.ItemProcessor.ProcessorConfig;
  const selected = Object.entries(state.ItemSelector).map(([key, path]) => selectorFault(key, path));
  const faults = [
    ...strange.map((field) => `uses ${field}`),
    ...(Mode === 'DISTRIBUTED' ? [] : [`is a Map in mode ${Mode}`]),
    ...(ExecutionType === 'STANDARD' ? [] : [`has children of type ${ExecutionType}`]),
    ...pathFaults(state),
    ...(state.ItemReader === undefined ? [] : readerFaults(state.ItemReader)),
    ...selected.filter((fault) => fault !== ''),
  ];
  if (faults.length > 0) throw new Error(`state ${name} ${faults.join(', ')}, which the twin does not honour`);
}

function pathFaults({ ItemsPath, ItemReader, MaxConcurrency, MaxConcurrencyPath }: DistributedMap): readonly string[] {
  const isPath = (path: string | undefined): boolean => path === undefined || REFERENCE_PATH.test(path);
  return [
    ...(isPath(ItemsPath) ? [] : [`has the ItemsPath ${ItemsPath}`]),
    ...((ItemsPath === undefined) === (ItemReader === undefined) ? ['has not one of ItemsPath and ItemReader'] : []),
    ...(isPath(MaxConcurrencyPath) ? [] : [`has the MaxConcurrencyPath ${MaxConcurrencyPath}`]),
    ...((MaxConcurrency === undefined) === (MaxConcurrencyPath === undefined)
      ? ['has not one of MaxConcurrency and MaxConcurrencyPath']
      : []),
  ];
}

function selectorFault(key: string, path: unknown): string {
  const known = path === ITEM_VALUE || path === ITEM_INDEX || REFERENCE_PATH.test(String(path));
  return key.endsWith('.$') && known ? '' : `selects ${key} by ${JSON.stringify(path)}`;
}

/** One child of a Map Run. */
export interface ChildRun {
  readonly result: Promise<unknown>;
  abort(): void;
}

/** What a Map Run is given. */
export interface MapSurroundings {
  readonly startChild: (input: unknown, index: number) => ChildRun;
  /** Reads objects of Amazon S3 as the machine's role may. */
  readonly read: ReadObject;
}

/**
 * Runs the children of a distributed Map: at most `MaxConcurrency` at once, their outputs in the order of the items. More
 * failures than are tolerated, which is none where the definition names neither a count nor a percentage, end the Map
 * Run and with it the children that are still running.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 * @throws an error named `States.ExceedToleratedFailureThreshold`
 */
export async function runDistributedMap(
  state: DistributedMap,
  input: unknown,
  { startChild, read }: MapSurroundings,
): Promise<readonly unknown[]> {
  const items = itemsOf(state, input, read);
  const tolerated = toleratedFailures(state, items.length);
  const outputs: unknown[] = new Array(items.length);
  const running = new Set<ChildRun>();
  const exceeded = Promise.withResolvers<never>();
  let failures = 0;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length && failures <= tolerated; index = next++) {
      const child = startChild(select(state.ItemSelector, { input, value: items[index], index }), index);
      running.add(child);
      await child.result.then(
        (output) => {
          outputs[index] = output;
        },
        (error: Error) => {
          failures++;
          if (failures > tolerated) exceeded.reject(thresholdError(failures, error));
        },
      );
      running.delete(child);
    }
  };
  const limit = state.MaxConcurrency ?? Number(readPath(input, state.MaxConcurrencyPath ?? ''));
  const most = limit > 0 ? limit : items.length;
  try {
    await Promise.race([Promise.all(Array.from({ length: Math.min(most, items.length) }, worker)), exceeded.promise]);
  } catch (error) {
    for (const child of running) child.abort();
    throw error;
  }
  return outputs.filter((_, index) => index in outputs);
}

function itemsOf(
  { ItemsPath, ItemReader: reader }: DistributedMap,
  input: unknown,
  read: ReadObject,
): readonly unknown[] {
  if (reader !== undefined) return readItems(reader, { read, readPath: (path) => readPath(input, path) });
  const items = readPath(input, ItemsPath ?? '');
  if (!Array.isArray(items)) throw namedError('States.Runtime', `${ItemsPath} holds no list`);
  return items;
}

function toleratedFailures(
  { ToleratedFailureCount, ToleratedFailurePercentage }: DistributedMap,
  items: number,
): number {
  const byPercentage = Math.floor(((ToleratedFailurePercentage ?? 0) / 100) * items);
  const limits = [
    ...(ToleratedFailureCount === undefined ? [] : [ToleratedFailureCount]),
    ...(ToleratedFailurePercentage === undefined ? [] : [byPercentage]),
  ];
  return limits.length === 0 ? 0 : Math.min(...limits);
}

function thresholdError(failures: number, last: Error): Error {
  const cause = last.cause instanceof Error ? last.cause : last;
  return namedError(
    'States.ExceedToleratedFailureThreshold',
    `the tolerated failure threshold was exceeded by ${failures}: ${cause.name}: ${cause.message}`,
  );
}

function select(
  selector: Readonly<Record<string, unknown>>,
  { input, value, index }: { readonly input: unknown; readonly value: unknown; readonly index: number },
): unknown {
  return Object.fromEntries(
    Object.entries(selector).map(([key, path]) => {
      const found = path === ITEM_VALUE ? value : path === ITEM_INDEX ? index : readPath(input, String(path));
      return [key.slice(0, -'.$'.length), found];
    }),
  );
}

function readPath(value: unknown, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>> | undefined)?.[key], value);
}

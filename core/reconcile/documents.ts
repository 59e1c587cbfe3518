import { ReconcileError } from './errors.ts';
import { type EntityPlan, type PlanHeader, planNames, type RangeRef, type ReconcilePorts } from './plan.ts';

/** The JSON of an object of the store; undefined where there is none. */
export async function readDocument<T>({ store }: Pick<ReconcilePorts, 'store'>, name: string): Promise<T | undefined> {
  const text = await store.get(name);
  return text === undefined ? undefined : parse<T>(text, name);
}

/**
 * The JSON of an object that has to be there.
 *
 * @throws {ReconcileError} `PlanRefusedError` where it is not there or is none
 */
export async function requireDocument<T>(
  ports: Pick<ReconcilePorts, 'store'>,
  name: string,
  remedy: string,
): Promise<T> {
  const document = await readDocument<T>(ports, name);
  if (document === undefined) throw planRefused(`${name} is not in the store; ${remedy}`);
  return document;
}

/** Stores an object as JSON. */
export function writeDocument(
  { store }: Pick<ReconcilePorts, 'store'>,
  name: string,
  document: unknown,
): Promise<void> {
  return store.put(name, JSON.stringify(document));
}

/** The beginning of a plan that was opened. */
export function readHeader(ports: Pick<ReconcilePorts, 'store'>, planId: string): Promise<PlanHeader> {
  return requireDocument(ports, planNames.header(planId), `make the plan ${planId} first`);
}

/** Every range of a plan, entity by entity. */
export function readRanges(ports: Pick<ReconcilePorts, 'store'>, planId: string): Promise<readonly RangeRef[]> {
  return requireDocument(ports, planNames.ranges(planId), `make the plan ${planId} first`);
}

/** The entity of that name. */
export function entityOf(header: PlanHeader, name: string): EntityPlan {
  const plan = header.entities.find(({ entity }) => entity.name === name);
  if (plan === undefined) throw planRefused(`the plan ${header.planId} has no entity ${name}`);
  return plan;
}

/** The refusal of a plan. */
export function planRefused(message: string): ReconcileError {
  return new ReconcileError('PlanRefusedError', message, { source: 'operator' });
}

function parse<T>(text: string, name: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new ReconcileError('PlanRefusedError', `${name} is not JSON; make the plan again under another id`, {
      cause,
    });
  }
}

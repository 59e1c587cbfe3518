import { isSameContent } from '../same-content.ts';
import { planRefused, readDocument, readHeader, readRanges } from './documents.ts';
import type { Entity } from './entity.ts';
import { ReconcileError } from './errors.ts';
import {
  type EntityPlan,
  type PlanHeader,
  type PlanRequest,
  planNames,
  type RangeRef,
  type ReconcilePorts,
} from './plan.ts';
import { planRanges } from './plan-ranges.ts';
import { type Refusal, throwRefusals } from './table-refusals.ts';

/**
 * Begins a plan, or finds it begun: cuts every entity's table into ranges and stores them.
 *
 * @throws {ReconcileError} `SchemaDriftError` or `StoreRefusedError` with what is wrong with every table that cannot be
 * compared; `PlanRefusedError` where a plan of this id was made with other entities, Regions or cut
 */
export async function openPlan(ports: ReconcilePorts, request: PlanRequest): Promise<PlanHeader> {
  assertPlanId(request.planId);
  const found = await readDocument<PlanHeader>(ports, planNames.header(request.planId));
  if (found !== undefined) return assertSame(found, request);
  const { entities, refs } = await cutTables(ports, request);
  const { planId, regions, cutEpochMs, repair, blockOn, verifiesAll = false } = request;
  const facts = { regions, cutEpochMs, repair, blockOn, verifiesAll, entities };
  const header: PlanHeader = { schemaVersion: 1, planId, createdAtEpochMs: ports.nowEpochMs(), ...facts };
  return (await keepFirst(ports, header, refs)) ? header : assertSame(await readHeader(ports, planId), request);
}

interface CutTables {
  readonly entities: readonly EntityPlan[];
  readonly refs: readonly RangeRef[];
}

/** Cuts one table after the other; where some cannot be compared, the others are looked at all the same, for the sake of the message. */
async function cutTables(ports: ReconcilePorts, request: PlanRequest): Promise<CutTables> {
  const entities: EntityPlan[] = [];
  const refs: RangeRef[] = [];
  const refusals: Refusal[] = [];
  for (const entity of request.entities) {
    const rowsPerRange = rowsPerRangeOf(entity, request.rowsPerRange);
    try {
      const { order, estimatedRows, ranges } = await planRanges(ports.tables(entity), { rowsPerRange });
      entities.push({ entity, estimatedRows });
      refs.push(...ranges.map((range, index) => ({ entity: entity.name, index, order, range })));
    } catch (error) {
      if (!(error instanceof ReconcileError) || error.retryable) throw error;
      refusals.push({ entity: entity.name, error });
    }
  }
  throwRefusals(refusals);
  return { entities, refs };
}

/** A function that merges is asked row by row, eight at a time: with these, half a second each fits into the ten minutes of a range. */
const MERGED_ROWS_PER_RANGE = 9_000;

function rowsPerRangeOf({ policy }: Entity, rowsPerRange: number): number {
  return policy === 'merge' ? Math.min(rowsPerRange, MERGED_ROWS_PER_RANGE) : rowsPerRange;
}

/**
 * Of two that open a plan at once, the ranges of one and the head of one are kept, and both go on with those. False where
 * the head is the other's.
 */
async function keepFirst({ store }: ReconcilePorts, header: PlanHeader, refs: readonly RangeRef[]): Promise<boolean> {
  const { planId, entities } = header;
  if (!(await store.create(planNames.ranges(planId), JSON.stringify(refs)))) {
    const before = new Set((await readRanges({ store }, planId)).map(({ entity }) => entity));
    if (
      !isSameContent(
        [...before],
        entities.map(({ entity }) => entity.name),
      )
    ) {
      throw planRefused(
        `the plan ${planId} was begun with other entities than are asked for now; plan under another id`,
      );
    }
  }
  return store.create(planNames.header(planId), JSON.stringify(header));
}

/** What an id of a plan may be, in words. */
export const PLAN_ID_ALLOWED = "1 to 128 letters, digits, '.', '_' and '-', a letter or digit first";

/** Whether a plan may have this id: it becomes part of names of objects and of files. */
export function isPlanId(planId: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(planId);
}

function assertPlanId(planId: string): void {
  if (isPlanId(planId)) return;
  throw planRefused(`the plan id ${JSON.stringify(planId)} cannot be used; allowed: ${PLAN_ID_ALLOWED}`);
}

function assertSame(header: PlanHeader, request: PlanRequest): PlanHeader {
  const before = factsOf({ ...header, entities: header.entities.map(({ entity }) => entity) });
  const now = factsOf(request);
  const others = Object.keys(now).filter((name) => !isSameContent(before[name], now[name]));
  if (others.length === 0) return header;
  throw planRefused(
    `the plan ${header.planId} differs from what is asked for now in ${others.join(', ')}; go on with what it was made with, or plan under another id`,
  );
}

/** What a plan depends on, as JSON keeps it. */
function factsOf(request: Omit<PlanRequest, 'planId' | 'rowsPerRange'>): Readonly<Record<string, unknown>> {
  const { regions, cutEpochMs, repair, blockOn, verifiesAll = false, entities } = request;
  return JSON.parse(JSON.stringify({ regions, cut: cutEpochMs, repair, blockOn, verifiesAll, entities }));
}

import * as z from 'zod';
import type { Problem } from '../../core/errors.ts';
import { schemaProblems } from '../../core/schema-problems.ts';
import { type Expectation, expectationSchema } from './expectation-schema.ts';

const atSeconds = z
  .number()
  .min(0)
  .max(7 * 86_400);
const untilSeconds = atSeconds.optional();
/** A Region id, or a role of the config: `primary`, `standby`, `standby[1]`, `vantage`. */
const region = z.string().min(1);

/** The faults that a scenario can bring about; docs/scenarios.md describes each. */
export const faultSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('region-dark'), atSeconds, untilSeconds, region }),
    z.strictObject({ kind: z.literal('front-door-down'), atSeconds, untilSeconds, region }),
    z.strictObject({
      kind: z.literal('component-down'),
      atSeconds,
      untilSeconds,
      region,
      component: z.string().min(1),
    }),
    z.strictObject({
      kind: z.literal('region-flapping'),
      atSeconds,
      untilSeconds: atSeconds,
      region,
      downSeconds: z.number().positive(),
      upSeconds: z.number().positive(),
    }),
    z.strictObject({ kind: z.literal('observer-blind'), atSeconds, untilSeconds, observer: region }),
    z.strictObject({ kind: z.literal('control-plane-outage'), atSeconds, untilSeconds }),
    z.strictObject({ kind: z.literal('link-cut'), atSeconds, untilSeconds, between: z.tuple([region, region]) }),
    z.strictObject({ kind: z.literal('errors'), atSeconds, untilSeconds, region, share: z.number().min(0).max(1) }),
    z.strictObject({ kind: z.literal('replication-lag'), atSeconds, untilSeconds, seconds: z.number().min(0) }),
    z.strictObject({
      kind: z.literal('api-refused'),
      atSeconds,
      untilSeconds,
      service: z.string().min(1),
      operation: z.string().min(1),
      region: region.optional(),
      error: z.string().min(1),
      message: z.string().default('refused by the scenario'),
    }),
    z.strictObject({
      kind: z.literal('api-answer-lost'),
      atSeconds,
      untilSeconds,
      service: z.string().min(1),
      operation: z.string().min(1),
      region: region.optional(),
    }),
  ])
  .refine((fault) => fault.untilSeconds === undefined || fault.untilSeconds > fault.atSeconds, {
    error: 'must end after it begins',
    path: ['untilSeconds'],
  });
export type Fault = Readonly<z.output<typeof faultSchema>>;

/** What an operator does in a scenario. */
export const actionSchema = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('start'),
    atSeconds,
    machine: z.enum(['failover', 'failback']),
    /** The machine's input, as typed in the console; `{primary}` and the like stand for Region ids. */
    input: z.record(z.string(), z.unknown()),
    region: region.optional(),
  }),
  z.strictObject({ action: z.enum(['approve', 'decline', 'resume', 'abort']), atSeconds }),
]);
export type Action = Readonly<z.output<typeof actionSchema>>;

/** The name is part of the names of a report's files. */
const MOST_NAME_CHARACTERS = 100;

const scenarioSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, { error: 'must be lower-case words joined by "-"' })
    .max(MOST_NAME_CHARACTERS),
  about: z.string().min(1),
  /** End of the run; where not given, when all is over and has been quiet for ten minutes. */
  untilSeconds,
  faults: z.array(faultSchema),
  actions: z.array(actionSchema),
  expectations: z
    .array(expectationSchema)
    .min(1, { error: 'holds no expectation; a scenario that expects nothing proves nothing' }),
});

/** A story to rehearse: what goes wrong when, what people do, and how it must end. Times are seconds from the start. */
export type Scenario = Readonly<z.output<typeof scenarioSchema>>;

/** The entries of an input that are well-formed by themselves, each at its index; undefined where one is not. */
export interface ScenarioEntries {
  readonly faults: readonly (Fault | undefined)[];
  readonly actions: readonly (Action | undefined)[];
  readonly expectations: readonly (Expectation | undefined)[];
}

/** A scenario where the input is one, every problem of its form, and the entries that are well-formed all the same. */
export interface JudgedScenario {
  readonly scenario: Scenario | undefined;
  readonly problems: readonly Problem[];
  readonly entries: ScenarioEntries;
}

/** Judges the form of a scenario; what its words mean in a config is judged elsewhere. */
export function judgeScenario(input: unknown): JudgedScenario {
  const { data, error } = scenarioSchema.safeParse(input);
  return {
    scenario: data,
    problems: error === undefined ? [] : schemaProblems(error, { input, keysListedIn: 'docs/scenarios.md' }),
    entries: {
      faults: entriesOf(input, 'faults', faultSchema),
      actions: entriesOf(input, 'actions', actionSchema),
      expectations: entriesOf(input, 'expectations', expectationSchema),
    },
  };
}

function entriesOf<T>(input: unknown, key: string, schema: z.ZodType<T>): readonly (T | undefined)[] {
  const list: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, key) : undefined;
  return Array.isArray(list) ? list.map((entry) => schema.safeParse(entry).data) : [];
}

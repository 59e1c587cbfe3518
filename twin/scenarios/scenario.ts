import * as z from 'zod';
import type { Problem } from '../../core/errors.ts';
import { MOST_MEMBERS } from '../../core/fleet/fleet-schema.ts';
import { schemaProblems } from '../../core/schema-problems.ts';
import { MACHINES } from '../../state-machines/contracts.ts';
import { type Expectation, expectationSchema } from './expectation-schema.ts';
import { type Fault, faultSchema } from './fault-schema.ts';
import { atSeconds, region, untilSeconds } from './scenario-fields.ts';

/** An operator who has been told does something within the hour. */
const MOST_WAIT_SECONDS = 3_600;

/** What an operator does in a scenario. */
export const actionSchema = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('start'),
    atSeconds,
    machine: z.enum(MACHINES),
    /** The machine's input, as typed in the console; `{primary}` and the like stand for Region ids. */
    input: z.record(z.string(), z.unknown()),
    region: region.optional(),
  }),
  z.strictObject({ action: z.enum(['approve', 'decline', 'resume', 'abort']), atSeconds }),
  z.strictObject({ action: z.literal('stop'), atSeconds }),
  z.strictObject({
    action: z.literal('redrive'),
    atSeconds,
    /** From then on, each time people are told of an end that nobody caught, so many seconds later. */
    afterSeconds: z.number().min(0).max(MOST_WAIT_SECONDS).optional(),
  }),
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
  /** The application is one of a fleet of so many, and its sentinel. */
  fleet: z.strictObject({ applications: z.int().min(1).max(MOST_MEMBERS) }).optional(),
  /** The config's section of that name in this story, where the config has none of its own. */
  reconcile: z.record(z.string(), z.unknown()).optional(),
  /** Told once as it is, and then once for every point at which that machine can be killed; redriven each time. */
  crashPoints: z
    .strictObject({
      machine: z.enum(MACHINES),
      /** From the moment at which people are told. */
      redrivenAfterSeconds: z.number().min(0).max(MOST_WAIT_SECONDS),
    })
    .optional(),
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

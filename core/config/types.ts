import type * as z from 'zod';
import type { Check } from './checks.ts';
import type { configSchema } from './schema.ts';

/** A config after its fields were parsed and before defaults that span fields were filled in. */
export type ParsedConfig = z.output<typeof configSchema>;

/** A config as a person writes it; see docs/configuration.md. */
export type ConfigInput = Omit<z.input<typeof configSchema>, 'checks' | 'reconcile'> & {
  /** Rows of the check table to change (some fields), add (all fields) or remove (`false`), by name. */
  checks?: Readonly<Record<string, false | Partial<Check>>>;
  /** What is compared before traffic goes back; entities change, add or remove rows of the default table by name. */
  reconcile?: ReconcileInput | undefined;
};

type Reconcile = NonNullable<z.input<typeof configSchema>['reconcile']>;
type ReconcileInput = Omit<Reconcile, 'entities'> & {
  entities?: Readonly<Record<string, false | Partial<Exclude<NonNullable<Reconcile['entities']>[string], false>>>>;
};

type DeepReadonly<T> = T extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/**
 * A config that holds: every field present, every rule met, frozen. It is itself an accepted input and resolves to
 * the same value, so the printed form can be kept beside a Lambda bundle and read back.
 */
export type ResolvedConfig = DeepReadonly<
  ParsedConfig & {
    hostedZoneName: string;
    evacuation: { guardians: Record<string, string[]> };
  }
>;

/** One application Region of a resolved config. */
export type RegionConfig = ResolvedConfig['regions'][number];

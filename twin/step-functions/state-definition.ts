/** A state, as far as the twin looks at it. */
export interface StateDefinition {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSecondsPath?: string;
  readonly Parameters?: { readonly FunctionName?: string; readonly Payload?: Readonly<Record<string, unknown>> };
  readonly [field: string]: unknown;
}

/** A machine as it is deployed. */
export interface MachineDefinition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, StateDefinition>>;
}

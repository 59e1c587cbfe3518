/** What a function may do: a statement of its role's policy, in plain values so that guards can read it. */
export interface Grant {
  /** What it is for; becomes the statement's `Sid`, so letters and digits only. */
  readonly purpose: string;
  /** Exact actions, never a pattern. */
  readonly actions: readonly string[];
  /** ARNs, or why the actions can only be allowed on everything. */
  readonly resources: readonly string[] | AnyResource;
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** `*`, and the reason: the service knows no resource-level permission for the actions. */
export interface AnyResource {
  readonly anyBecause: string;
}

/** The ARNs of a grant, `*` among them where only that can be named. */
export function resourcesOf({ resources }: Grant): readonly string[] {
  return 'anyBecause' in resources ? ['*'] : resources;
}

/** What a function may do: a statement of its role's policy, in plain values so that guards can read it. */
export interface Grant {
  /** What it is for; becomes the statement's `Sid`, so letters and digits only. */
  readonly purpose: string;
  /** Exact actions, never a pattern. */
  readonly actions: readonly string[];
  /** ARNs, or why the actions can only be allowed on everything. */
  readonly resources: readonly string[] | AnyResource;
  /**
   * Why ARNs among the resources are patterns.
   *
   * @default - none is
   */
  readonly patternBecause?: string;
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** `*`, and the reason: the service knows no resource-level permission for the actions. */
export interface AnyResource {
  readonly anyBecause: string;
}

/** Resources of a grant that are more than one, and why no narrower ones can be named. */
export interface WideResource {
  readonly resource: string;
  readonly because: string;
}

/** What a grant allows on `*` or on a pattern, with the reason it states. */
export function wideResourcesOf(grant: Grant): readonly WideResource[] {
  if ('anyBecause' in grant.resources) return [{ resource: '*', because: grant.resources.anyBecause }];
  const { patternBecause } = grant;
  if (patternBecause === undefined) return [];
  return grant.resources.filter((arn) => arn.includes('*')).map((resource) => ({ resource, because: patternBecause }));
}

/** The ARNs of a grant, `*` among them where only that can be named. */
export function resourcesOf({ resources }: Grant): readonly string[] {
  return 'anyBecause' in resources ? ['*'] : resources;
}

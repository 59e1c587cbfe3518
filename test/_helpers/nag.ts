import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type IApplyRule, NagRuleCompliance } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** What a rule says about a resource; of rules with several findings each is one, `Rule[Finding]`. */
export interface Finding {
  readonly rule: string;
  /** Path of the resource in the tree. */
  readonly path: string;
}

/** A finding that was answered beside the construct, with the reason. */
export interface Acknowledged extends Finding {
  readonly reason: string;
}

/** What cdk-nag makes of a tree. */
export interface Examined {
  /** What nobody answered: must be nothing. */
  readonly open: readonly Finding[];
  /** Everything that the rules find, answered or not. */
  readonly raw: readonly Finding[];
}

/** The rules of AWS Solutions; what they say is kept before an acknowledgement silences it. */
class RecordingChecks extends AwsSolutionsChecks {
  readonly raw: Finding[] = [];

  protected override applyRule(params: IApplyRule): void {
    const rule = `${this.packName}-${params.ruleSuffixOverride ?? params.rule.name}`;
    for (const found of findings(params)) {
      this.raw.push({ rule: found === '' ? rule : `${rule}[${found}]`, path: params.node.node.path });
    }
    super.applyRule(params);
  }
}

/** One entry per finding, empty text for a rule that has no name for it. A rule that fails has found something. */
function findings({ rule, node }: IApplyRule): readonly string[] {
  try {
    const result = rule(node);
    if (Array.isArray(result)) return result;
    return result === NagRuleCompliance.NON_COMPLIANT ? [''] : [];
  } catch {
    return [''];
  }
}

/** Runs the rules of AWS Solutions over everything below a construct. */
export function examine(root: IConstruct): Examined {
  const checks = new RecordingChecks();
  const { violations } = checks.validateScope(root);
  return {
    raw: checks.raw,
    open: violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ rule: ruleName, path: constructPath ?? '' })),
    ),
  };
}

/** Every acknowledgement of a rule below a construct. */
export function acknowledgedBelow(root: IConstruct): readonly Acknowledged[] {
  return root.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Readonly<Record<string, string>>))
      .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), path: node.path, reason })),
  );
}

/** The acknowledgements that silence nothing: no resource at their construct or below it has such a finding. */
export function staleAmong(acknowledged: readonly Acknowledged[], raw: readonly Finding[]): readonly Acknowledged[] {
  return acknowledged.filter(
    ({ rule, path }) => !raw.some((found) => found.rule === rule && `${found.path}/`.startsWith(`${path}/`)),
  );
}

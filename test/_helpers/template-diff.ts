import { isSameContent } from '../../core/same-content.ts';
import type { Resource, Synthesized } from './synthesize.ts';

/** What a deployment of the second templates over the first would do to one resource. */
export interface ResourceChange {
  readonly stack: string;
  readonly does: 'create' | 'update' | 'replace' | 'remove';
  readonly type: string;
  /** What people call it: the name and set identifier of a record, the tag of a health check, else the logical id. */
  readonly name: string;
  /** Properties that differ; of an update or a replacement. */
  readonly properties: readonly string[];
}

/**
 * Properties by which CloudFormation replaces a resource, of the types that the app has and that have such a property
 * here: each page of the template reference says "Update requires: Replacement".
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-recordset.html
 */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  'AWS::Route53::RecordSet': ['HostedZoneId', 'HostedZoneName', 'Name'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::IAM::Role': ['RoleName', 'Path'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SNS::Topic': ['TopicName', 'FifoTopic'],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', 'StateMachineType'],
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema'],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::CloudWatch::CompositeAlarm': ['AlarmName'],
  'AWS::Scheduler::Schedule': ['Name'],
  'AWS::Events::Rule': ['Name', 'EventBusName'],
};

/** Custom resources ask the function that they name; another function is another resource. */
const replacingOf = (type: string): readonly string[] =>
  type.startsWith('Custom::') ? ['ServiceToken'] : (REPLACING[type] ?? []);

/** Compares two synthesized apps stack by stack, resource by resource, by logical id, as CloudFormation would. */
export function templateDiff(before: Synthesized, after: Synthesized): readonly ResourceChange[] {
  const stacks = [...new Set([...before.stacks.keys(), ...after.stacks.keys()])];
  return stacks.flatMap((stack) => {
    const [old, now] = [before, after].map((app) => (app.stacks.has(stack) ? app.resources(stack) : new Map()));
    return stackDiff(stack, old ?? new Map(), now ?? new Map());
  });
}

function stackDiff(
  stack: string,
  old: ReadonlyMap<string, Resource>,
  now: ReadonlyMap<string, Resource>,
): readonly ResourceChange[] {
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((id): ResourceChange[] => {
    const [was, is] = [old.get(id), now.get(id)];
    const resource = is ?? was;
    if (resource === undefined) return [];
    const common = { stack, type: resource.Type, name: nameOf(id, resource) };
    if (was === undefined) return [{ ...common, does: 'create', properties: [] }];
    if (is === undefined) return [{ ...common, does: 'remove', properties: [] }];
    const properties = changedProperties(was, is);
    if (properties.length === 0) return [];
    const replaces = was.Type !== is.Type || properties.some((property) => replacingOf(is.Type).includes(property));
    return [{ ...common, does: replaces ? 'replace' : 'update', properties }];
  });
}

function changedProperties(was: Resource, is: Resource): readonly string[] {
  const keys = new Set([...Object.keys(was.Properties ?? {}), ...Object.keys(is.Properties ?? {})]);
  return [...keys].filter((key) => !isSameContent(was.Properties?.[key], is.Properties?.[key])).toSorted();
}

function nameOf(id: string, { Type, Properties }: Resource): string {
  if (Type === 'AWS::Route53::RecordSet') {
    return [Properties['Name'], Properties['SetIdentifier']].filter((part) => part !== undefined).join('/');
  }
  if (Type !== 'AWS::Route53::HealthCheck') return id;
  const [tag] = Properties['HealthCheckTags'] as readonly { readonly Value: string }[];
  return tag?.Value ?? id;
}

import { CfnParameter, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import type { GuardedWeight } from './deployment-guard.ts';

/**
 * The live weights as parameters of the template: CloudFormation reads each from Systems Manager when it makes a change
 * set, so a deployment brings the weights that are live now and not those of the last one.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
 */
export class WeightParameters extends Construct {
  private readonly config: Pick<ResolvedConfig, 'application'>;
  private readonly parameters = new Map<string, CfnParameter>();

  constructor(scope: Construct, id: string, { config }: { readonly config: Pick<ResolvedConfig, 'application'> }) {
    super(scope, id);
    this.config = config;
  }

  /** A token for the live weight of a record. */
  weightOf(record: ResourceRecordSet): number {
    return Token.asNumber(this.parameterOf(record).value);
  }

  /** The live weight of a record as text, and the parameter that it was read from. */
  readingOf(record: ResourceRecordSet): GuardedWeight {
    return { parameter: this.nameOf(record), weight: this.parameterOf(record).valueAsString };
  }

  private parameterOf(record: ResourceRecordSet): CfnParameter {
    const { Name, SetIdentifier = '' } = record;
    const id = `${Name}/${SetIdentifier}`;
    const parameter =
      this.parameters.get(id) ??
      new CfnParameter(this, id, {
        type: 'AWS::SSM::Parameter::Value<String>',
        default: this.nameOf(record),
        description: `Where the live weight of ${SetIdentifier} in ${Name} is kept; the default is right.`,
      });
    this.parameters.set(id, parameter);
    return parameter;
  }

  private nameOf({ Name, SetIdentifier = '' }: ResourceRecordSet): string {
    return names.weightParameter(this.config, { name: Name, setIdentifier: SetIdentifier });
  }
}

import { CfnParameter, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';

/**
 * The live weights as parameters of the template: CloudFormation reads each from Systems Manager when it makes a change
 * set, so a deployment brings the weights that are live now and not those of the last one.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
 */
export class WeightParameters extends Construct {
  private readonly config: Pick<ResolvedConfig, 'application'>;

  constructor(scope: Construct, id: string, { config }: { readonly config: Pick<ResolvedConfig, 'application'> }) {
    super(scope, id);
    this.config = config;
  }

  /** A token for the live weight of a record. Ask once per record. */
  weightOf({ Name, SetIdentifier = '' }: ResourceRecordSet): number {
    const parameter = new CfnParameter(this, `${Name}/${SetIdentifier}`, {
      type: 'AWS::SSM::Parameter::Value<String>',
      default: names.weightParameter(this.config, { name: Name, setIdentifier: SetIdentifier }),
      description: `Where the live weight of ${SetIdentifier} in ${Name} is kept; the default is right.`,
    });
    return Token.asNumber(parameter.value);
  }
}

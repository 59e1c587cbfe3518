import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { placeholderOf, STEP_LIMITS, STEPS, type Step } from '../../state-machines/contracts.ts';
import { type FunctionSurroundings, SwitchyardFunction } from './switchyard-function.ts';

/** The functions of every step of every machine; one may take as long as its Task states wait for it. */
export class Steps extends Construct {
  private readonly functions = new Map<Step, IFunction>();

  constructor(scope: Construct, id: string, props: FunctionSurroundings) {
    super(scope, id);
    for (const step of STEPS) {
      const made = new SwitchyardFunction(this, placeholderOf(step), {
        ...props,
        name: step,
        description: `The step ${step} of an operation.`,
        timeout: Duration.seconds(STEP_LIMITS[step].timeoutSeconds),
      });
      this.functions.set(step, made.function);
    }
  }

  /** The function that a placeholder of a definition stands for. */
  functionFor(placeholder: string): IFunction {
    const found = [...this.functions].find(([step]) => placeholderOf(step) === placeholder);
    if (found !== undefined) return found[1];
    const allowed = STEPS.map(placeholderOf).join(', ');
    throw new RangeError(
      `no step has this placeholder (found "${placeholder}"; allowed: ${allowed}); correct the definition, or add the step to STEP_LIMITS`,
    );
  }
}

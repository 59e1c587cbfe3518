import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse, Context } from 'aws-lambda';
import { type CreateStep, lambdaHandler } from './lambda-handler.ts';

/** What a custom resource is asked to bring about; `before` is what it was brought to last, if ever. */
export interface ResourceChange {
  readonly properties: unknown;
  readonly before: unknown;
}

/**
 * Wraps the step of a custom resource as a Lambda handler that answers CloudFormation itself. Create and update are one
 * thing: bring about what the properties say. A deletion is answered and nothing else, since what our custom resources
 * bring about is to outlive them.
 *
 * Every failure is answered too: a resource without an answer keeps its stack waiting until the service's timeout.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html
 */
export function customResourceHandler(
  service: string,
  create: CreateStep<ResourceChange, unknown>,
): (event: CloudFormationCustomResourceEvent, context: Context) => Promise<void> {
  const run = lambdaHandler(service, create);
  return async (event, context) => {
    const failure = event.RequestType === 'Delete' ? undefined : await failureOf(() => run(changeOf(event), context));
    await answer(event, failure);
  };
}

function changeOf(event: CloudFormationCustomResourceEvent): ResourceChange {
  const before = event.RequestType === 'Update' ? event.OldResourceProperties : undefined;
  return { properties: event.ResourceProperties, before };
}

async function failureOf(act: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** The id never changes: another one would make CloudFormation delete what it takes for the old resource. */
async function answer(event: CloudFormationCustomResourceEvent, failure: string | undefined): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const PhysicalResourceId = event.RequestType === 'Create' ? LogicalResourceId : event.PhysicalResourceId;
  const identity = { StackId, RequestId, LogicalResourceId, PhysicalResourceId };
  const response: CloudFormationCustomResourceResponse =
    failure === undefined ? { Status: 'SUCCESS', ...identity } : { Status: 'FAILED', Reason: failure, ...identity };
  // Bytes, not text: a text body would bring a content type, which the address is not signed for.
  const body = new TextEncoder().encode(JSON.stringify(response));
  const { ok, status } = await fetch(event.ResponseURL, { method: 'PUT', body });
  if (!ok) throw new Error(`CloudFormation took no answer for ${LogicalResourceId}: HTTP status ${status}`);
}

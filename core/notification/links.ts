const RUNBOOKS = 'docs/runbooks';

/** The runbook section for a topic; a path in this repository, so that it can be read offline. */
export function runbookLink(topic: string): string {
  return `${RUNBOOKS}/${topic}.md`;
}

/** The execution in the Step Functions console of its own Region: a regional address, since the global one may be gone. */
export function consoleLink(region: string, executionArn: string): string {
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

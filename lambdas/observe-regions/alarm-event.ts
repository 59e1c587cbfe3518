/**
 * Whether an invocation comes from an alarm that changed its state, by way of EventBridge; the schedule's is anything else.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function isAlarmEvent(event: unknown): boolean {
  return (
    typeof event === 'object' &&
    event !== null &&
    (event as { readonly 'detail-type'?: unknown })['detail-type'] === 'CloudWatch Alarm State Change'
  );
}

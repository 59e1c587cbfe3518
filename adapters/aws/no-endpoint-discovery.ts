/**
 * Stands in for what looks for an account's own endpoint, which DynamoDB's client brings along and no call of ours asks
 * for: endpoints are regional, by name
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoint-discovery.html). It is 8 KB of every bundle.
 */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: (): undefined => undefined,
  configFileSelector: (): undefined => undefined,
  default: undefined,
};

/** The client's settings, as they are. */
export function resolveEndpointDiscoveryConfig<Settings>(settings: Settings): Settings {
  return settings;
}

/** A definition in the API's spelling, with every name as the CDK's generated classes spell it: `AlarmName` is `alarmName`. */
export function inCdkCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCdkCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, inCdkCase(inner)]),
  );
}

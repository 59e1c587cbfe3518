import * as z from 'zod';
import { names } from '../config/names.ts';
import type { Problem } from '../errors.ts';
import { MODES, type OperationRequest } from '../operation/request.ts';
import { schemaProblems } from '../schema-problems.ts';
import type { ResolvedFleet } from './fleet-types.ts';

const fleetRequestSchema = z.strictObject({
  fleet: z.string(),
  source: z.string(),
  target: z.string(),
  reason: z.string().min(1).max(500),
  mode: z.enum(MODES),
  requestedBy: z.string().min(1).max(200),
  acceptDataLossSeconds: z.number().min(0).max(86_400).optional(),
  ticket: z.string().max(200).optional(),
  epoch: z.int().min(0).optional(),
});

/** Reads the input of a fleet's machine, as the request of an operation. Gives every problem at once. */
export function parseFleetRequest(
  fleet: ResolvedFleet,
  input: unknown,
): { readonly request: OperationRequest } | { readonly problems: readonly Problem[] } {
  const parsed = fleetRequestSchema.safeParse(input);
  const fields = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  const problems = [
    ...(parsed.success ? [] : schemaProblems(parsed.error, { input, keysListedIn: 'docs/evacuation-switches.md' })),
    ...judge(fleet, fields),
  ];
  if (!parsed.success || problems.length > 0) return { problems };
  const { fleet: name, ...request } = parsed.data;
  return { request: { ...request, application: names.fleetApplication(name), approval: 'none' } };
}

function judge(known: ResolvedFleet, { fleet, source, target }: Record<string, unknown>): readonly Problem[] {
  const allowed = known.regions.join(', ');
  const stray = { message: 'is no application Region of the fleet', allowed, remedy: 'name one of them' };
  return [
    ...(typeof fleet === 'string' && fleet !== known.fleet
      ? [
          {
            path: 'fleet',
            message: 'is not the fleet of this machine',
            value: fleet,
            allowed: known.fleet,
            remedy: "start the other fleet's machine",
          },
        ]
      : []),
    ...Object.entries({ source, target }).flatMap(([path, region]) =>
      typeof region !== 'string' || known.regions.includes(region) ? [] : [{ path, value: region, ...stray }],
    ),
    ...(source !== undefined && source === target
      ? [
          {
            path: 'target',
            message: 'is the source; there is nowhere to go',
            value: target,
            allowed,
            remedy: 'name another Region',
          },
        ]
      : []),
  ];
}

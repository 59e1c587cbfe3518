import { coordinationMembers, homeRegion, traitsOf } from '../config/accessors.ts';
import { names } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { FUNCTION_MEMORY_MB } from '../function-sizes.ts';
import type { CostLine } from './cost-line.ts';
import { lambdaSecond, PRICES, replicatedWrite } from './prices.ts';
import { CHECKER_LOOKS_PER_HOUR } from './quantities.ts';

/**
 * What one failover and its failback do, upper bounds: a rehearsal of a dead Region with every rung of the default ladder
 * stays under them (test/unit/cost).
 */
export const PER_FAILOVER = {
  transitions: 800,
  stepInvocations: 400,
  /** Seconds of a step, cold start included. */
  secondsPerStep: 2,
  /** Write units of a step: the event that is appended to an operation's record, whose whole item counts. */
  writesPerStep: 20,
  messages: 10,
} as const;

/** What one failover and the failback after it cost; nothing where DNS alone does it. */
export function costPerFailover(config: ResolvedConfig): readonly CostLine[] {
  if (!traitsOf(config).orchestrated) return [];
  const region = homeRegion(config).id;
  const stack = names.stack(config, `region-${region}`);
  const { transitions, stepInvocations, secondsPerStep, writesPerStep, messages } = PER_FAILOVER;
  const { rungs, bakeMinutes, holdMinutes } = config.failback;
  const hoursOut = (holdMinutes + rungs.length * bakeMinutes) / 60;
  const members = coordinationMembers(config);
  const line = (what: string, quantity: number, price: CostLine['price']): CostLine => ({
    stack,
    what,
    quantity,
    price,
  });
  return [
    line('state transitions', transitions, PRICES.transition),
    line('steps: requests', stepInvocations, PRICES.lambdaRequest),
    line('steps: time', (stepInvocations * secondsPerStep * FUNCTION_MEMORY_MB.step) / 1024, lambdaSecond(region)),
    line('steps: traces', stepInvocations, PRICES.trace),
    line('messages', messages, PRICES.message),
    line('switches put and taken away', 4, PRICES.objectWrite),
    // A switch that is there is read with success, and only then billed: ErrorCodeBilling in the S3 User Guide.
    line('switches read by checkers while out', 2 * CHECKER_LOOKS_PER_HOUR * hoursOut, PRICES.objectRead),
    ...members.map((member) =>
      line(`steps: records, in ${member}`, stepInvocations * writesPerStep, replicatedWrite(member)),
    ),
  ];
}

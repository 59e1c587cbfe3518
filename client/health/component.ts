import type { ComponentHealth } from '../../core/health/contract.ts';

/** What a check found out. A component that works has nothing more to say. */
export interface Finding {
  /** @default 'passed' */
  readonly status?: ComponentHealth['status'];
  /** Why, in words for a person; anybody who can read the document reads it. */
  readonly reason?: string;
  /** Instances that the component is to have, and those of them that work. */
  readonly instances?: number;
  readonly healthyInstances?: number;
  /** Of a store of idempotency keys: whether it holds the keys of late, so that a retry is known for one. */
  readonly warm?: boolean;
}

/**
 * Looks at one component. It passed where nothing is thrown and no other status is given; the signal says when nobody
 * waits for it any more.
 */
export type ComponentCheck = (
  signal: AbortSignal,
) => Finding | undefined | Promise<Finding> | Promise<Finding | undefined> | Promise<void>;

/** A component as it is looked at again and again. */
export interface Component {
  /** Looks at it. Never rejects: what is thrown, or takes too long, is failed with the reason. */
  look(): Promise<ComponentHealth>;
}

/** Characters of a reason that are told; a document of every component stays far below the 64 KiB that observers read. */
const LONGEST_REASON = 200;

/**
 * A component and its check. A check that has not ended is not begun a second time: the next look waits for the same one,
 * so that a component that hangs is not asked more and more. One that hangs on though it was told that nobody waits is let go
 * after as long again, so that a lost connection is not remembered for ever.
 */
export function createComponent(check: ComponentCheck, timeoutMs: number): Component {
  let running: Running | undefined;
  const begin = (): Running => {
    const abandon = new AbortController();
    const ended = outcomeOf(check, abandon.signal);
    const begun = { ended, abandon };
    const letGo = (): void => {
      if (running === begun) running = undefined;
    };
    void ended.then(letGo);
    abandon.signal.addEventListener('abort', () => setTimeout(letGo, timeoutMs).unref());
    return begun;
  };
  return {
    look: () => {
      running ??= begin();
      return withinTime(running, timeoutMs);
    },
  };
}

interface Running {
  readonly ended: Promise<ComponentHealth>;
  readonly abandon: AbortController;
}

async function outcomeOf(check: ComponentCheck, signal: AbortSignal): Promise<ComponentHealth> {
  try {
    return toHealth((await check(signal)) ?? {});
  } catch (error) {
    return { status: 'failed', reason: shortened(error instanceof Error ? error.message : String(error)) };
  }
}

/** Numbers that cannot be would be read as not said; here they cost the component its word, so that somebody looks. */
function toHealth({ status = 'passed', reason, instances, healthyInstances, warm }: Finding): ComponentHealth {
  if (!areCounts(instances, healthyInstances)) {
    return { status: 'unknown', reason: `${healthyInstances} of ${instances} instances are said to work` };
  }
  return {
    status,
    ...(reason === undefined ? {} : { reason: shortened(reason) }),
    ...(instances === undefined ? {} : { instances }),
    ...(healthyInstances === undefined ? {} : { healthyInstances }),
    ...(warm === undefined ? {} : { warm }),
  };
}

function areCounts(instances = 0, healthyInstances = 0): boolean {
  return Number.isInteger(instances) && Number.isInteger(healthyInstances) && instances >= 0 && healthyInstances >= 0;
}

function shortened(reason: string): string {
  return reason.length <= LONGEST_REASON ? reason : `${reason.slice(0, LONGEST_REASON - 1)}…`;
}

async function withinTime({ ended, abandon }: Running, timeoutMs: number): Promise<ComponentHealth> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<ComponentHealth>((resolve) => {
    timer = setTimeout(() => {
      abandon.abort();
      resolve({ status: 'failed', reason: `no answer within ${timeoutMs} ms` });
    }, timeoutMs);
  });
  try {
    return await Promise.race([ended, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

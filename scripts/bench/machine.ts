import { cpus, loadavg } from 'node:os';

/** What a measurement was taken on. Times by the clock mean little where the load is above the number of processors. */
export interface Machine {
  readonly processors: number;
  readonly model: string;
  readonly node: string;
  /** Processes that wanted a processor over the last minute, on average. */
  readonly load: number;
}

/** This machine, now. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processors: processors.length,
    model: processors[0]?.model.trim() ?? 'unknown',
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

/** One line about it. */
export function machineLine({ processors, model, node, load }: Machine): string {
  return `${processors} processors (${model}), Node ${node}, load ${load} when it began.`;
}

import type { ScaleTarget } from './scaling-section.ts';

/** What a target is called in records and messages. */
export function nameOfTarget(target: ScaleTarget): string {
  return target.kind === 'ecs-service' ? `${target.cluster}/${target.service}` : target.name;
}

/** How many have to run before the operation goes on: whole ones, so rounded up. */
export function floorOf({ desired, minimumPercent }: ScaleTarget): number {
  return Math.ceil((desired * minimumPercent) / 100);
}

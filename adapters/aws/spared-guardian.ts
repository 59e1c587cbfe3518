import type { GuardianOutcome } from '../../core/ports.ts';

interface Guardian {
  readonly region: string;
}

/** How a guardian takes a switch, and how it lets go. */
interface Holding<G extends Guardian> {
  readonly spared: string | undefined;
  readonly set: (guardian: G) => Promise<GuardianOutcome>;
  readonly letGo: (guardian: G) => Promise<GuardianOutcome>;
}

/** Has every guardian hold a switch but the one that is spared, which lets go only once another one holds it. */
export async function holdBut<G extends Guardian>(
  guardians: readonly G[],
  { spared, set, letGo }: Holding<G>,
): Promise<readonly GuardianOutcome[]> {
  const others = await Promise.all(guardians.filter(({ region }) => region !== spared).map(set));
  const isHeld = others.some(({ done }) => done);
  const last = guardians.filter(({ region }) => region === spared).map(isHeld ? letGo : set);
  return [...others, ...(await Promise.all(last))];
}

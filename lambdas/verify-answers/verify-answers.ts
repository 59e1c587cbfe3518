import { applicationRegions, findRegion, traitsOf } from '../../core/config/accessors.ts';
import { parseEndpoint } from '../../core/config/endpoint.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { Journal } from '../../core/operation/journal.ts';
import type { DnsAnswer, StepContext } from '../../core/ports.ts';
import { recordTypeOf } from '../../core/routing/compile/weighted-group.ts';
import type { OpenedOperation, PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'dns'>;

const ASK_AGAIN_SECONDS = 2;
/** A switch shows within seconds and a record change within a minute or so; three minutes are trouble. */
const DEADLINE_SECONDS = 180;
/** A look-up that fails is asked again with the rest. */
const NO_SERVERS = "the zone's servers cannot be looked up";

/**
 * Asks every authoritative server directly whether it answers with the target alone, or where all Regions serve without
 * the source: the only proof that traffic will
 * follow, and one that needs no control plane.
 *
 * @throws {OperationError} `AnswersNotMovedError` after three minutes, naming the servers that lag.
 */
export function createVerifyAnswers(context: Context): (input: StepInput) => Promise<PollOutput> {
  const { config, ports } = context;
  return async (input) => {
    const journal = await journalFor('verify-answers', context, input);
    if (journal.find('done') !== undefined) return { done: true, waitSeconds: 0 };
    const expected = await expectedValues(context, input.operation, await journal.readState());
    const servers = await ports.dns.authoritativeServers(config.hostedZoneName);
    const question = { name: config.record, type: recordTypeOf(config) };
    const answers = await Promise.all(
      servers.map(async (server) => ({ server, answer: await ports.dns.query(server, question) })),
    );
    const lagging = answers.filter(({ answer }) => !leadsOnlyTo(expected, answer));
    if (servers.length > 0 && lagging.length === 0) {
      await journal.add('done', { servers });
      return { done: true, waitSeconds: 0 };
    }
    const behind = lagging.map(({ server, answer }) => describe(server, answer));
    await refuseAfterDeadline(context, journal, servers.length === 0 ? [NO_SERVERS] : behind);
    return { done: false, waitSeconds: ASK_AGAIN_SECONDS };
  };
}

/** The target's own values; where all Regions serve, those of every Region that is in. */
async function expectedValues(
  context: Context,
  { target, source }: Pick<OpenedOperation, 'source' | 'target'>,
  { evacuated }: ApplicationState,
): Promise<readonly string[]> {
  const { config } = context;
  const serving = traitsOf(config).roles === 'all-active' ? applicationRegions(config) : [target];
  const expected = serving.filter((region) => region === target || (region !== source && !evacuated.includes(region)));
  return (await Promise.all(expected.map((region) => valuesOf(context, region)))).flat();
}

/** A load balancer's answer is its addresses, which only its own name tells. */
async function valuesOf({ config, ports }: Context, id: string): Promise<readonly string[]> {
  const region = findRegion(config, id);
  const endpoint = region === undefined ? undefined : parseEndpoint(region.endpoint).target;
  switch (endpoint?.kind) {
    case 'hostname':
      return [endpoint.hostname];
    case 'address':
      return [endpoint.address];
    case 'load-balancer':
      return ports.dns.resolve(endpoint.dnsName);
    case undefined:
      return [];
  }
}

function leadsOnlyTo(expected: readonly string[], answer: DnsAnswer): boolean {
  return answer.answered && answer.values.length > 0 && answer.values.every((value) => expected.includes(value));
}

function describe(server: string, answer: DnsAnswer): string {
  return `${server}: ${answer.answered ? answer.values.join(', ') || 'no values' : answer.reason}`;
}

/** Counted from the first look: a promotion that was awaited in between may have taken longer than that. */
async function refuseAfterDeadline({ ports }: Context, journal: Journal, lagging: readonly string[]): Promise<void> {
  const lookedAt = await journal.firstLook({ lagging });
  if (ports.clock.nowEpochMs() - lookedAt <= DEADLINE_SECONDS * 1000) return;
  throw new OperationError(
    'AnswersNotMovedError',
    `not every authoritative server answers with the target: ${lagging.join('; ')}`,
  );
}

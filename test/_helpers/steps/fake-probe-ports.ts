import type { Answer, Ports } from '../../../core/ports.ts';

/** Ports that only probes use. */
export type FakeProbePorts = Pick<Ports, 'tcp' | 'tls' | 'resolver' | 'metrics' | 'functions'>;

/** What each of them answers to whatever it is asked. */
export interface FakeProbeAnswers {
  readonly tcp?: Awaited<ReturnType<Ports['tcp']['connect']>>;
  readonly tls?: Awaited<ReturnType<Ports['tls']['certificate']>>;
  readonly resolver?: Awaited<ReturnType<Ports['resolver']['resolve']>>;
  readonly metrics?: Awaited<ReturnType<Ports['metrics']['newest']>>;
  readonly datapoint?: Awaited<ReturnType<Ports['metrics']['newestDatapoint']>>;
  readonly functions?: Awaited<ReturnType<Ports['functions']['call']>>;
}

/** Nobody answers where nothing is given; everything that was asked is kept. */
export function fakeProbePorts(
  answers: FakeProbeAnswers = {},
): FakeProbePorts & { readonly askedOf: { readonly port: keyof FakeProbePorts; readonly question: unknown }[] } {
  const askedOf: { readonly port: keyof FakeProbePorts; readonly question: unknown }[] = [];
  const keep = async <T extends Answer<object>>(
    port: keyof FakeProbePorts,
    question: unknown,
    answer: T | undefined,
  ): Promise<T | { readonly answered: false; readonly reason: string }> => {
    askedOf.push({ port, question });
    return answer ?? { answered: false, reason: 'no answer' };
  };
  return {
    askedOf,
    tcp: { connect: (peer) => keep('tcp', peer, answers.tcp) },
    tls: { certificate: (peer) => keep('tls', peer, answers.tls) },
    resolver: { resolve: (question) => keep('resolver', question, answers.resolver) },
    metrics: {
      newest: (question, timeoutMs) => keep('metrics', { ...question, timeoutMs }, answers.metrics),
      newestDatapoint: (question, timeoutMs) => keep('metrics', { ...question, timeoutMs }, answers.datapoint),
    },
    functions: {
      call: (functionName, payload, timeoutMs) =>
        keep('functions', { functionName, payload, timeoutMs }, answers.functions),
    },
  };
}

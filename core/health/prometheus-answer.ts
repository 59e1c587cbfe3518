import * as z from 'zod';

const sample = z.tuple([z.number(), z.string()]);
const answerSchema = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: sample })) }),
    z.object({ resultType: z.literal('scalar'), result: sample }),
  ]),
});

/** The one value of an instant query, or why there is none. */
export type PrometheusAnswer = { readonly value: number } | { readonly reason: string };

/** Numbers that Prometheus writes in words of its own. */
const IN_WORDS: Readonly<Record<string, number>> = {
  '+Inf': Number.POSITIVE_INFINITY,
  Inf: Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
};

/** The URL of an instant query, evaluated at the server's own time. */
export function prometheusUrl(base: string, query: string): string {
  return `${base.replace(/\/+$/, '')}/api/v1/query?query=${encodeURIComponent(query)}`;
}

/**
 * Reads the answer to an instant query, a vector of one series or a scalar.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export function readPrometheusAnswer(body: string): PrometheusAnswer {
  const parsed = answerSchema.safeParse(parseOrNone(body));
  if (!parsed.success) return { reason: 'the answer is none of an instant query that gives numbers' };
  const { data } = parsed.data;
  const samples = data.resultType === 'scalar' ? [data.result] : data.result.map(({ value }) => value);
  const [only] = samples;
  if (only === undefined) return { reason: 'the query gave no value' };
  if (samples.length > 1) return { reason: `the query gave ${samples.length} series; aggregate them into one` };
  const value = IN_WORDS[only[1]] ?? Number(only[1]);
  return Number.isNaN(value) ? { reason: 'the query gave no number' } : { value };
}

function parseOrNone(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

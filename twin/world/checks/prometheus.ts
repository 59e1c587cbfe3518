import { checksOf } from '../../../core/config/accessors.ts';
import { textFor } from '../../../core/config/regional.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { prometheusUrl } from '../../../core/health/prometheus-answer.ts';
import type { HttpClient } from '../../../core/ports.ts';
import { type ReachSettings, reach } from './reach.ts';
import { valueWithin } from './value-within.ts';

/** Where the queries of checks are answered. */
export interface PrometheusSettings extends ReachSettings {
  readonly config: ResolvedConfig;
  readonly httpFrom: (region: string) => HttpClient;
}

/**
 * HTTP with a Prometheus server in each Region, which has a good value for every query of a check and answers whoever
 * reaches its Region.
 */
export function withPrometheus(settings: PrometheusSettings): (region: string) => HttpClient {
  const { config, network, httpFrom } = settings;
  const queries = new Map(
    checksOf(config).flatMap(({ check }) =>
      check.kind === 'prometheus'
        ? config.regions.map(({ id }): readonly [string, { readonly region: string; readonly value: number }] => [
            prometheusUrl(textFor(check.url, id), textFor(check.query, id)),
            { region: id, value: valueWithin(check) },
          ])
        : [],
    ),
  );
  return (from) => {
    const http = httpFrom(from);
    return {
      get: async (url, options) => {
        const query = queries.get(url);
        if (query === undefined) return http.get(url, options);
        const { timeoutMs } = options;
        const sees = (): boolean => !network.isBlind(from) && network.connects(from, query.region);
        if (!(await reach(settings, { from, to: query.region, timeoutMs }, sees)))
          return { answered: false, reason: `no answer within ${timeoutMs} ms` };
        const result = [{ metric: {}, value: [0, String(query.value)] }];
        const body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
        return { answered: true, status: 200, body };
      },
    };
  };
}

import type { Deployment } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type {
  Clock,
  DnsClient,
  HttpClient,
  NameResolver,
  TcpClient,
  Telemetry,
  TlsClient,
  WebhookClient,
} from '../../core/ports.ts';
import type { ClientSettings } from './clients.ts';

/** Where a function runs and what it is made for. */
export interface Environment {
  readonly config: ResolvedConfig;
  readonly deployment: Deployment;
  /** The Region the function runs in. */
  readonly region: string;
  readonly clients?: ClientSettings;
}

/** Ports that are not AWS: real in a Lambda, virtual in a twin. */
export interface Surroundings {
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly webhooks: WebhookClient;
  readonly dns: DnsClient;
  readonly tcp: TcpClient;
  readonly tls: TlsClient;
  readonly resolver: NameResolver;
  readonly telemetry: Telemetry;
}

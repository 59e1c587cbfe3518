import type { Deployment } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';

/** Where a function runs, and for what; account and partition may be tokens. */
export interface Site {
  readonly config: ResolvedConfig;
  readonly deployment: Deployment;
  readonly region: string;
  /** Key of the Region's notification topic; only application Regions have one. */
  readonly topicKeyArn?: string;
}

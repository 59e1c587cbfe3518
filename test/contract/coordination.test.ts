import { coordinationPort } from '../../adapters/aws/create-ports.ts';
import { createMemoryCoordination } from '../../adapters/memory/memory-coordination.ts';
import exampleConfig from '../../switchyard.config.ts';
import { createWorld, TWIN_DEPLOYMENT } from '../../twin/world/world.ts';
import { coordinationContract } from '../_helpers/coordination-contract.ts';
import { SEOUL, TOKYO } from '../_helpers/coordination-samples.ts';
import { withDynalite } from '../_helpers/dynalite.ts';
import { inVirtualTime } from '../_helpers/in-virtual-time.ts';

coordinationContract('in memory', async (use) => {
  const coordination = createMemoryCoordination(exampleConfig);
  await use(coordination, coordination);
});

coordinationContract("on the twin's DynamoDB, asked by two replicas", (use) =>
  inVirtualTime(async (clock) => {
    const { aws } = createWorld({ config: exampleConfig, clock, seed: 1 });
    const from = (region: string) =>
      coordinationPort({
        config: exampleConfig,
        deployment: TWIN_DEPLOYMENT,
        region,
        clients: aws.clientsIn(region),
      });
    await use(from(TOKYO), from(SEOUL));
  }),
);

coordinationContract(
  'on dynalite',
  (use) =>
    withDynalite(exampleConfig, () => {
      const port = () => coordinationPort({ config: exampleConfig, deployment: TWIN_DEPLOYMENT, region: TOKYO });
      return use(port(), port());
    }),
  { comparesNoMaps: true },
);

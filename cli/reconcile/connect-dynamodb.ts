import { dynamoDbTableClient } from '../../adapters/aws/clients.ts';
import { createDynamoDbTable } from '../../adapters/aws/dynamodb-table/dynamodb-table.ts';
import { prepareAuditTable } from '../../adapters/aws/dynamodb-table/prepare-audit-table.ts';
import type { Entity, Side, Sides } from '../../core/reconcile/entity.ts';
import type { Table } from '../../core/reconcile/table.ts';
import type { ConnectedTables } from './connected-tables.ts';
import type { ReconcileSection } from './task.ts';

/** Connects with tables in DynamoDB, by the credentials that every SDK finds. */
export function connectDynamoDb({ auditTable, repair }: ReconcileSection, regions: Sides<string>): ConnectedTables {
  const clients = { source: dynamoDbTableClient(regions.source), target: dynamoDbTableClient(regions.target) };
  const table = (side: Side, entity: Entity): Table =>
    createDynamoDbTable({
      entity,
      client: clients[side],
      auditTable,
      region: regions[side],
      repair,
      prepareAudit: prepareAuditTable,
    });
  return {
    tables: (entity) => ({ source: table('source', entity), target: table('target', entity) }),
    close: async () => {
      clients.source.destroy();
      clients.target.destroy();
    },
  };
}

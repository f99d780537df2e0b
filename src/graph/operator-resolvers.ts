// The fields for operators: who may, then what `operate/operators.ts` does. Hung on the schema by `build-generation.ts`, over
// the connectors of that generation.

import { GatewayError, type Locale } from '../errors.ts';
import type {
  MutationDropConnectorCacheArgs,
  MutationProbeConnectorArgs,
  MutationSetConnectorGateArgs,
  QueryConnectorHealthArgs,
} from '../generated/schema.ts';
import { type ConnectorHealth, probeOf } from '../operate/connector-health.ts';
import type { Operators } from '../operate/operators.ts';
import type { LiveConnector } from '../registry/live-connector.ts';
import type { RequestContext } from '../request/context.ts';
import { assertOperator } from '../request/operator.ts';

export function createOperatorResolvers(connectors: readonly LiveConnector[], operators: Operators) {
  const byId = new Map(connectors.map((connector) => [connector.id, connector]));

  const connectorOf = (id: string, locale: Locale): LiveConnector => {
    const found = byId.get(id);
    if (found !== undefined) return found;
    throw new GatewayError('BAD_USER_INPUT', { reason: unknownConnector([...byId.keys()])[locale] });
  };

  const healthOfOne = async (connector: LiveConnector, locale: Locale): Promise<ConnectorHealth> => {
    const [health] = await operators.health([connector], locale);
    return health as ConnectorHealth;
  };

  /** Nothing of these fields is looked at before it is known who asks. */
  const forOperators =
    <Args, Result>(resolve: (args: Args, context: RequestContext) => Promise<Result>) =>
    async (_source: unknown, args: Args, context: RequestContext): Promise<Result> => {
      assertOperator(context.operator(), context.locale);
      return resolve(args, context);
    };

  return {
    Query: {
      connectorHealth: forOperators(({ connector }: QueryConnectorHealthArgs, { locale }) =>
        operators.health(connector == null ? connectors : [connectorOf(connector, locale)], locale),
      ),
    },
    Mutation: {
      setConnectorGate: forOperators(async ({ input }: MutationSetConnectorGateArgs, { locale, actor }) => {
        const connector = connectorOf(input.connector, locale);
        await operators.setGate(connector, input, actor.officer, locale);
        return healthOfOne(connector, locale);
      }),
      dropConnectorCache: forOperators(async (args: MutationDropConnectorCacheArgs, { locale, actor }) => {
        const connector = connectorOf(args.connector, locale);
        return { connector: connector.id, dropped: await operators.dropCache(connector, actor.officer) };
      }),
      probeConnector: forOperators(async (args: MutationProbeConnectorArgs, { locale, actor }) =>
        probeOf(await operators.probe(connectorOf(args.connector, locale), actor.officer)),
      ),
    },
  };
}

const unknownConnector = (known: readonly string[]) => ({
  vi: `connector: không có kết nối này. Các kết nối: ${known.join(', ')}.`,
  en: `connector: there is none with this id. There are: ${known.join(', ')}.`,
});

// The resolvers of the fields for operators, over the connectors of one generation: they require an operator, and record each
// action under the name of that operator.

import { GatewayError, isGatewayError, type Locale } from '../errors.ts';
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
import { nameOf, requireRole } from '../request/identity/identity.ts';

export function createOperatorResolvers(connectors: readonly LiveConnector[], operators: Operators) {
  const byId = new Map(connectors.map((connector) => [connector.id, connector]));

  const connectorOf = (id: string): LiveConnector => {
    const found = byId.get(id);
    if (found !== undefined) return found;
    throw new GatewayError('BAD_USER_INPUT', { reason: unknownConnector([...byId.keys()]) });
  };

  const healthOfOne = async (connector: LiveConnector, locale: Locale): Promise<ConnectorHealth> => {
    const [health] = await operators.health([connector], locale);
    return health as ConnectorHealth;
  };

  /** Checks the operator before anything else of these fields is evaluated. */
  const forOperators =
    <Args, Result>(resolve: (args: Args, operator: string, locale: Locale) => Promise<Result>) =>
    async (_source: unknown, args: Args, context: RequestContext): Promise<Result> => {
      const { locale } = context;
      return resolve(args, nameOf(requireRole(context.identity, 'operator')), locale);
    };

  /** An action is recorded in the audit trail, whatever comes of it; without a record it is not begun. */
  const recorded =
    <Args, Result>(
      operation: string,
      targetOf: (args: Args) => string,
      resolve: (source: unknown, args: Args, context: RequestContext) => Promise<Result>,
      detailOf?: (args: Args) => string,
    ) =>
    async (source: unknown, args: Args, context: RequestContext): Promise<Result> => {
      context.audit?.admit();
      let outcome: string = 'OK';
      try {
        return await resolve(source, args, context);
      } catch (error) {
        outcome = isGatewayError(error) ? error.code : 'INTERNAL_SERVER_ERROR';
        throw error;
      } finally {
        const system = byId.has(targetOf(args)) ? targetOf(args) : 'gateway';
        context.audit?.acted(
          detailOf === undefined ? operation : `${operation} ${detailOf(args)}`,
          system,
          outcome,
        );
      }
    };

  return {
    Query: {
      connectorHealth: forOperators(({ connector }: QueryConnectorHealthArgs, _operator, locale) =>
        operators.health(connector == null ? connectors : [connectorOf(connector)], locale),
      ),
    },
    Mutation: {
      setConnectorGate: recorded(
        'setConnectorGate',
        ({ input }: MutationSetConnectorGateArgs) => input.connector,
        forOperators(async ({ input }: MutationSetConnectorGateArgs, name, locale) => {
          const connector = connectorOf(input.connector);
          await operators.setGate(connector, input, name);
          return healthOfOne(connector, locale);
        }),
        // Without the reason, which may be any text: operators read it in `connectorHealth`.
        ({ input }) => (input.until == null ? input.gate : `${input.gate} until ${input.until}`),
      ),
      dropConnectorCache: recorded(
        'dropConnectorCache',
        ({ connector }: MutationDropConnectorCacheArgs) => connector,
        forOperators(async (args: MutationDropConnectorCacheArgs, name) => {
          const connector = connectorOf(args.connector);
          return { connector: connector.id, dropped: await operators.dropCache(connector, name) };
        }),
      ),
      probeConnector: recorded(
        'probeConnector',
        ({ connector }: MutationProbeConnectorArgs) => connector,
        forOperators(async (args: MutationProbeConnectorArgs, name) =>
          probeOf(await operators.probe(connectorOf(args.connector), name)),
        ),
      ),
    },
  };
}

const unknownConnector = (known: readonly string[]) => ({
  vi: `connector: không có kết nối này. Các kết nối: ${known.join(', ')}.`,
  en: `connector: unknown id. Connectors: ${known.join(', ')}.`,
});

// Who takes part in a composition: the gateway with its own schema, and the connectors, each with what its manifest agrees to share.

import type { ASTNode, DocumentNode } from 'graphql';
import { placeOf } from '../../connect/read/values.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { readSubgraph, type Subgraph } from './read-subgraph.ts';

/** Coordinates that a connector shares, by the id of the other connector: `Citizen.fullName`, or `Address` with all its fields. */
export type Shares = Readonly<Record<string, readonly string[]>>;

export interface Owner extends Subgraph {
  /** Id of the connector, or the name of the subgraph of the gateway. */
  readonly name: string;
  /** The file of findings without a place. */
  readonly file: string;
  readonly document: DocumentNode;
  /** `undefined` for a connector without a manifest. */
  readonly shares: Shares | undefined;
  /** Fields that the connector declares as non-null and the gateway publishes as nullable, as `Type.field`. */
  readonly relaxed: ReadonlySet<string>;
}

export const CORE = 'dossiers';

export const createOwner = (
  name: string,
  file: string,
  document: DocumentNode,
  { shares, relaxed = new Set() }: Partial<Pick<Owner, 'shares' | 'relaxed'>> = {},
): Owner => ({ ...readSubgraph(document), name, file, document, shares, relaxed });

/** For messages: `the gateway`, or `connector population`. */
export const titleOf = ({ name }: Pick<Owner, 'name'>): string =>
  name === CORE ? 'the gateway' : `connector ${name}`;

/** File, line and column of a node. */
export function at(owner: Owner, node: ASTNode): Pick<Diagnostic, 'file' | 'line' | 'column'> {
  const file = node.loc?.source.name;
  return file === undefined ? { file: owner.file } : { file, ...placeOf(node as never) };
}

/** `connector population (connectors/population/schema.graphql:12)` */
export function whereOf(owner: Owner, node: ASTNode): string {
  const { file, line } = at(owner, node);
  return `${titleOf(owner)} (${file}${line === undefined ? '' : `:${line}`})`;
}

/** True when both manifests name the element, or its type, for the other connector. */
export const agree = (a: Owner, b: Owner, coordinate: string): boolean =>
  shares(a, b, coordinate) && shares(b, a, coordinate);

export function shares(owner: Owner, other: Owner, coordinate: string): boolean {
  if (owner.shares === undefined || !Object.hasOwn(owner.shares, other.name)) return false;
  const listed = owner.shares[other.name] ?? [];
  const [type = '', field] = coordinate.replace(/\(.*$/, '').split('.');
  return listed.includes(type) || (field !== undefined && listed.includes(`${type}.${field}`));
}

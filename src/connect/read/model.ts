// A connector schema as data: what `@source` and `@connect` say, each text with its node so that a message can point
// at it. Produced by `read-schema.ts`, consumed by `request/`, `bind/` and the checks. Nothing here is compiled yet.

import type { ASTNode, ConstDirectiveNode, ConstValueNode, DocumentNode, StringValueNode } from 'graphql';
import type { FederationNames } from './federation.ts';
import type { Links } from './links.ts';
import type { TypeIndex } from './types.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The values of a directive's arguments, or of an object, by name. */
export type Fields = ReadonlyMap<string, ConstValueNode>;

/** A template or mapping text with the node it stands in. */
export interface Text {
  readonly value: string;
  readonly node: StringValueNode;
}

export type HeaderRule =
  | { readonly name: string; readonly value: Text; readonly from?: undefined; readonly node: ASTNode }
  | { readonly name: string; readonly from: string; readonly value?: undefined; readonly node: ASTNode };

export interface ErrorRules {
  readonly message?: Text | undefined;
  readonly extensions?: Text | undefined;
}

/** What `@source` and `@connect` have in common. */
export interface RequestRules {
  readonly headers: readonly HeaderRule[];
  readonly path?: Text | undefined;
  readonly queryParams?: Text | undefined;
  readonly isSuccess?: Text | undefined;
  readonly errors?: ErrorRules | undefined;
}

export interface SourceDirective extends RequestRules {
  readonly name: string;
  readonly baseURL: Text;
  readonly node: ConstDirectiveNode;
  readonly args: Fields;
}

export interface ConnectDirective extends RequestRules {
  readonly id: string | undefined;
  readonly source: string | undefined;
  readonly method: HttpMethod;
  readonly url: Text;
  readonly body?: Text | undefined;
  readonly selection: Text;
  readonly entity: boolean;
  readonly maxBatchSize: number | undefined;
  /** The type the directive stands on or whose field it stands on. */
  readonly typeName: string;
  /** `undefined` when the directive stands on the type itself. */
  readonly fieldName: string | undefined;
  /** `Citizen` or `Delivery.events`. */
  readonly coordinate: string;
  readonly node: ConstDirectiveNode;
  readonly args: Fields;
}

export interface ConnectorSchema {
  readonly file: string;
  readonly links: Links;
  /** What federation's directives are called in this document. */
  readonly federation: FederationNames;
  readonly sources: readonly SourceDirective[];
  readonly connects: readonly ConnectDirective[];
  /** Coordinates of `@connect`s that could not be read: what they would resolve is not known. */
  readonly unread: ReadonlySet<string>;
  /** Every type of the document, extensions merged. */
  readonly types: TypeIndex;
  /** The document as written. */
  readonly document: DocumentNode;
  /** The same without the connect directives and links: a plain federation subgraph. */
  readonly subgraph: DocumentNode;
}

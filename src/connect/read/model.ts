// A connector schema as data: the contents of `@source` and `@connect`, each text with its node so that a finding can
// point at it. Templates and mappings are still text here.

import type { ASTNode, ConstDirectiveNode, ConstValueNode, DocumentNode, StringValueNode } from 'graphql';
import type { FederationNames } from './federation.ts';
import type { Links } from './links.ts';
import type { TypeIndex } from './types.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The values of a directive's arguments, or of an object, by name. */
export type Fields = ReadonlyMap<string, ConstValueNode>;

/** The text of a template or mapping, with its node. */
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

/** The arguments that `@source` and `@connect` share. */
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
  /** With `url`, or neither: a `@connect` without `http` computes its value and sends nothing (v0.4). */
  readonly method: HttpMethod | undefined;
  readonly url: Text | undefined;
  readonly body?: Text | undefined;
  readonly selection: Text;
  readonly entity: boolean;
  readonly maxBatchSize: number | undefined;
  /** The type that carries the directive, or the type of the field that does. */
  readonly typeName: string;
  /** `undefined` when the directive is on the type itself. */
  readonly fieldName: string | undefined;
  /** `Citizen` or `Delivery.events`. */
  readonly coordinate: string;
  readonly node: ConstDirectiveNode;
  readonly args: Fields;
}

export interface ConnectorSchema {
  readonly file: string;
  readonly links: Links;
  /** The local names of federation's directives in this document. */
  readonly federation: FederationNames;
  readonly sources: readonly SourceDirective[];
  readonly connects: readonly ConnectDirective[];
  /** Coordinates of `@connect`s that could not be read; the fields they would resolve are unknown. */
  readonly unread: ReadonlySet<string>;
  /** Every type of the document, extensions merged. */
  readonly types: TypeIndex;
  /** The document as written. */
  readonly document: DocumentNode;
  /** The document without the connect directives and links: a plain federation subgraph. */
  readonly subgraph: DocumentNode;
}

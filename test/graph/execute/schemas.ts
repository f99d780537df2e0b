// Schemas for the comparison with graphql-js: every kind of type, argument and position. A field whose description is
// "resolved" has a resolver, every other one is a property (or a method) of its parent's value.

export const SHAPES = `
  type Query {
    "resolved" thing(id: ID, n: Int = 3, s: String): Thing
    "resolved" sure(n: Int! = 5, on: Boolean): Thing!
    "resolved" things(first: Int, filter: Filter): [Thing]
    "resolved" sureThings(filter: Filter = { name: "d", tags: ["t"] }): [Thing!]!
    "resolved" node(kind: Kind): Node
    "resolved" nodes(kinds: [Kind!]): [Node!]
    "resolved" any: Any
    "resolved" anys: [Any]
    "resolved" echo(text: String, list: [Int], many: [[Int!]], odd: Odd, free: Free, one: OneOf): String
    plain: Thing
    scalars: Scalars
    count: Int
  }
  type Mutation {
    "resolved" set(n: Int, filter: Filter): Thing
    "resolved" setSurely(n: Int): Thing!
    "resolved" add(s: String!): Int
    "resolved" addSurely(s: String): Int!
    touch: String
  }
  interface Node { id: ID label: String next: Node }
  interface Named implements Node { id: ID label: String next: Node name: String! }
  type Thing implements Node {
    id: ID
    label: String
    next: Node
    sureLabel: String!
    "resolved" best: Thing
    "resolved" surelyBest: Thing!
    parent: Thing
    sureParent: Thing!
    "resolved" list: [Thing]
    sureList: [Thing!]!
    scalars: Scalars
    kind: Kind
    "resolved" kinds: [Kind!]
    matrix: [[Int]]
    sureMatrix: [[Int!]!]!
    "resolved" posted(filter: Filter, at: Int, kind: Kind = B): String
    method(n: Int, s: String! = "m"): String
    sureMethod(n: Int! = 2, filter: Filter): Thing
    tags(of: [Kind!]! = [A], odd: Odd): [String]
    any: Any
    "resolved" odd(of: Odd): Odd
    then: String
    constructor: String
    toString: String
  }
  type Person implements Node & Named { id: ID label: String next: Node name: String! "resolved" friends: [Named!] age: Int! }
  type Place implements Node { id: ID label: String next: Node near(n: Int! = 1): Place "resolved" at(free: Free): Place zip: ID! }
  "Checked by isTypeOf."
  type Checked implements Node { id: ID label: String next: Node sure: Checked! "resolved" all: [Checked] }
  union Any = Thing | Person | Checked | Bare
  "Neither resolveType nor __typename: found by isTypeOf."
  union Found = Checked | Bare
  type Bare { x: Int y: [String!] "resolved" found: Found free: Free }
  type Scalars {
    int: Int float: Float string: String boolean: Boolean id: ID odd: Odd free: Free kind: Kind
    sureInt: Int! sureFloat: Float! sureString: String! sureBoolean: Boolean! sureId: ID! sureOdd: Odd! sureFree: Free! sureKind: Kind!
    ints: [Int!]! strings: [String]
  }
  enum Kind { A B C }
  input Filter { name: String = "def" sort: Kind = B tags: [String!] limit: Int inner: Filter sure: Int! = 1 free: Free odd: Odd }
  input OneOf @oneOf { a: Int b: String }
  "A scalar whose code refuses some values."
  scalar Odd
  "A scalar that takes anything."
  scalar Free
`;

/** Without mutations, with deep non-null chains: null travels far here. */
export const CHAINS = `
  type Query { "resolved" a: A "resolved" sureA: A! as: [A!] }
  type A { "resolved" b: B! bs: [B!]! c: C v: Int! "resolved" w: Int! }
  type B { a: A! "resolved" c: C! cs: [[C!]!]! v: Int! "resolved" u: U }
  type C { "resolved" a: A! v: Int! "resolved" vs: [Int!]! e: E! }
  union U = A | B | C
  enum E { X Y }
`;

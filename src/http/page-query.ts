// The example query of the explorer and of the start report. It reads the store and every connector of this repository; fields of
// connectors that are not loaded are left out.

import {
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  parse,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

export const pageQuery = `query Page($first: Int = 20, $after: String) {
  dossiers(first: $first, after: $after) {
    edges {
      cursor
      node {
        code status submittedAt dueAt channel
        procedure { code name level }
        agency { code name }
        applicant {
          personalId fullName birthDate { year month day } gender
          permanentAddress { detail provinceCode communeCode }
          provenance { connector fetchedAt freshness }
        }
        business {
          code name type status headOffice representatives { fullName }
          provenance { connector fetchedAt freshness }
        }
        payments {
          reference amount currency status paidAt
          provenance { connector fetchedAt freshness }
        }
        deliveries {
          trackingCode status statusText events { at status statusText }
          provenance { connector fetchedAt freshness }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`;

/** The page query without the fields that the schema does not define. */
export function pageQueryFor(schema: GraphQLSchema): string {
  const types = new TypeInfo(schema);
  let isWhole = true;
  const document = visit(
    parse(pageQuery),
    visitWithTypeInfo(types, {
      Field: {
        enter: () => {
          if (types.getFieldDef() != null) return undefined;
          isWhole = false;
          return null;
        },
        leave: ({ selectionSet }) =>
          // An object without any of its fields is left out, too.
          selectionSet?.selections.length === 0 && isCompositeType(getNamedType(types.getType()))
            ? null
            : undefined,
      },
    }),
  );
  return isWhole ? pageQuery : `${print(document)}\n`;
}

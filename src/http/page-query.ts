// The example query of the explorer and of the start report. It reads the store and every connector.

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

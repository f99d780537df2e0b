// The synthetic city: one deterministic generator feeds the store's seed and the simulators, so that the simulators
// answer for exactly the people, enterprises, payments and parcels that the store refers to.

/** A date whose month or day may be unknown (year-only births exist in the population database). */
export interface PartialDate {
  readonly year: number;
  readonly month: number | null;
  readonly day: number | null;
}

export interface CityAgency {
  readonly id: number;
  readonly parentId: number | null;
  readonly level: 'CITY' | 'DEPARTMENT' | 'DISTRICT' | 'COMMUNE';
  /** New form, level 1 first, e.g. `H26.12.34`. */
  readonly code: string;
  /** Old form, level 4 first, e.g. `000.00.12.H26`. */
  readonly oldCode: string;
  readonly name: string;
  /** Five-digit commune code and two-digit province code of 2025, where the agency is a commune. */
  readonly communeCode: string | null;
}

export interface CityProcedure {
  readonly id: number;
  /** `1.005129` */
  readonly code: string;
  readonly name: string;
  /** `G03-GD10` */
  readonly fieldCode: string;
  readonly fieldName: string;
  readonly level: 'INFORMATION' | 'PARTIAL' | 'FULL';
  readonly limitWorkingDays: number;
  /** VND */
  readonly fee: number;
}

export interface CityPerson {
  /** 12 digits (wire-formats C3). */
  readonly personalId: string;
  /** NFC, as in the population database, e.g. `Nguyễn Văn An`. */
  readonly fullName: string;
  readonly nameParts: { readonly family: string; readonly middle: string; readonly given: string };
  readonly birthDate: PartialDate;
  readonly gender: 'MALE' | 'FEMALE';
  readonly permanentAddress: {
    readonly provinceCode: string;
    /** Old three-digit district code that remains in records, or null. */
    readonly districtCode: string | null;
    readonly communeCode: string;
    readonly detail: string;
  };
  readonly originProvinceCode: string;
  /** True for records that the population database does not hold (look-up gives nothing). About 1 in 400. */
  readonly unknownToPopulation: boolean;
}

export interface CityEnterprise {
  /** 10 digits with a right check digit (C4). */
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly headOffice: string;
  readonly representatives: readonly string[];
  /** About 1 in 400: not held by the registry. */
  readonly unknownToRegistry: boolean;
}

export interface CityPayment {
  /** Alphanumeric only, unique. */
  readonly reference: string;
  /** VND */
  readonly amount: number;
  readonly startedAt: number;
  readonly status: 'WAITING' | 'PAID' | 'FAILED' | 'EXPIRED' | 'REFUNDED';
  readonly paidAt: number | null;
  readonly transactionId: string | null;
  readonly bank: string | null;
}

export interface CityDelivery {
  /** e.g. `EH123456789VN` (13 characters, UPU S10 check digit). */
  readonly trackingCode: string;
  readonly orderedAt: number;
  /** Oldest first; `status` is the MyVNPost number (wire-formats B5b). */
  readonly events: readonly { readonly at: number; readonly status: number; readonly statusText: string }[];
}

export interface CityDossier {
  /** 1 = newest. */
  readonly id: number;
  readonly code: string;
  readonly procedureId: number;
  readonly agencyId: number;
  /** National status 1–10 (wire-formats B3a). */
  readonly status: number;
  /** 1 at the counter, 2 online, 3 public post. */
  readonly channel: 1 | 2 | 3;
  /** Epoch milliseconds. */
  readonly submittedAt: number;
  readonly receivedAt: number | null;
  readonly dueAt: number;
  readonly finishedAt: number | null;
  readonly applicant: CityPerson;
  readonly enterprise: CityEnterprise | null;
  readonly events: readonly {
    readonly at: number;
    readonly status: number;
    readonly actor: string;
    readonly note: string | null;
  }[];
  readonly payments: readonly CityPayment[];
  readonly deliveries: readonly CityDelivery[];
}

export interface City {
  /** Day of seeding, `yyyy-MM-dd` in Asia/Ho_Chi_Minh; everything lies in the 90 days before it. */
  readonly anchor: string;
  readonly agencies: readonly CityAgency[];
  readonly procedures: readonly CityProcedure[];
  /** Newest first. */
  readonly dossiers: readonly CityDossier[];
  readonly people: ReadonlyMap<string, CityPerson>;
  readonly enterprises: ReadonlyMap<string, CityEnterprise>;
  readonly payments: ReadonlyMap<string, CityPayment>;
  readonly deliveries: ReadonlyMap<string, CityDelivery>;
}

export interface CityOptions {
  readonly anchor: string;
  /** Default 5,000. */
  readonly dossiers?: number;
  /** Default 1. */
  readonly seed?: number;
}

// The types of the synthetic city. One generator supplies the seed of the store and the simulators, so that the simulators answer
// for exactly the people, enterprises, payments and parcels to which the store refers.

/** A date whose month or day may be unknown: the population database holds births with the year only. */
export interface PartialDate {
  readonly year: number;
  readonly month: number | null;
  readonly day: number | null;
}

export interface CityAgency {
  readonly id: number;
  readonly parentId: number | null;
  readonly level: 'CITY' | 'DEPARTMENT' | 'DISTRICT' | 'COMMUNE';
  /** The new form, highest level first, e.g. `H26.12.34`. */
  readonly code: string;
  /** The old form, lowest level first, e.g. `000.00.12.H26`. */
  readonly oldCode: string;
  readonly name: string;
  /** The five-digit code of the commune since 2025-07-01; null for an agency that is not a commune. */
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
  /** 12 digits by Decree 137/2015/NĐ-CP. */
  readonly personalId: string;
  /** NFC, as in the population database, e.g. `Nguyễn Văn An`. */
  readonly fullName: string;
  readonly nameParts: { readonly family: string; readonly middle: string; readonly given: string };
  readonly birthDate: PartialDate;
  readonly gender: 'MALE' | 'FEMALE';
  readonly permanentAddress: {
    readonly provinceCode: string;
    /** The three-digit code of a former district, which older records keep. */
    readonly districtCode: string | null;
    readonly communeCode: string;
    readonly detail: string;
  };
  readonly originProvinceCode: string;
  /** True when the population database has no record of the person: about 1 in 400. */
  readonly unknownToPopulation: boolean;
}

export interface CityEnterprise {
  /** 10 digits with a valid check digit. */
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly headOffice: string;
  readonly representatives: readonly string[];
  /** True when the registry has no record of the enterprise: about 1 in 400. */
  readonly unknownToRegistry: boolean;
}

export interface CityPayment {
  /** Unique; letters and digits only. */
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
  /** 13 characters with the check digit of UPU S10, e.g. `EH123456785VN`. */
  readonly trackingCode: string;
  readonly orderedAt: number;
  /** Oldest first. `status` is the number that MyVNPost uses. */
  readonly events: readonly { readonly at: number; readonly status: number; readonly statusText: string }[];
}

export interface CityDossier {
  /** 1 is the newest. */
  readonly id: number;
  readonly code: string;
  readonly procedureId: number;
  readonly agencyId: number;
  /** 1 to 10, the national list of statuses. */
  readonly status: number;
  /** 1 counter, 2 online, 3 public post. */
  readonly channel: 1 | 2 | 3;
  /** Epoch milliseconds. */
  readonly submittedAt: number;
  readonly receivedAt: number | null;
  readonly dueAt: number;
  readonly finishedAt: number | null;
  readonly applicant: CityPerson;
  /** Who filed the dossier for the applicant; null where the applicant did. */
  readonly submittedBy: CityPerson | null;
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
  /** The reference day, `yyyy-MM-dd` in Asia/Ho_Chi_Minh. All events are in the 90 days before it. */
  readonly anchor: string;
  readonly agencies: readonly CityAgency[];
  readonly procedures: readonly CityProcedure[];
  /** Agencies that take part in procedures of other agencies. */
  readonly participants: readonly { readonly procedureId: number; readonly agencyId: number }[];
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

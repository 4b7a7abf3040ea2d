import type { LandingPlace } from './landing.ts';

/**
 * What one call of the tracking API states, as a row of the table `arrivals`: `into` names the fact table it becomes a row
 * of. Instants in milliseconds; empty text is missing.
 */
export type Arrival =
  | {
      readonly into: 'events';
      readonly event: string;
      readonly time: number;
      readonly user_id: string;
      readonly account_id: string;
      readonly message_id: string;
      readonly session_id: string;
      readonly properties: Readonly<Record<string, string>>;
    }
  /** An account could first use the product at `time`. */
  | { readonly into: 'accounts'; readonly account_id: string; readonly time: number }
  /** A user belongs to an account from `time` on. */
  | { readonly into: 'users'; readonly account_id: string; readonly user_id: string; readonly time: number }
  /** An attribute has a value from `time` on; of a user, or of an account. */
  | {
      readonly into: 'traits';
      readonly entity: 'user' | 'account';
      readonly user_id: string;
      readonly account_id: string;
      readonly name: string;
      readonly value: string;
      readonly time: number;
    }
  | {
      readonly into: 'identities';
      readonly user_id: string;
      readonly anonymous_id: string;
      readonly previous_id: string;
      readonly time: number;
    }
  /** What a person wrote down of an account: `properties` are author, text and kind. */
  | {
      readonly into: 'notes';
      readonly account_id: string;
      readonly properties: { readonly author: string; readonly text: string; readonly kind: string };
      readonly time: number;
    };

/** An arrival as a row of the table `arrivals`. */
export function arrivalRow(arrival: Arrival, receivedAt: number, place: LandingPlace): object {
  const time = new Date(arrival.time).toISOString();
  return { ...arrival, time, ...place, received_at: new Date(receivedAt).toISOString() };
}

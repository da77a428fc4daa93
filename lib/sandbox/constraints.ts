/**
 * The constraints of AWS's models, which the SDK's schemas do not carry: required members,
 * lengths, ranges, patterns and enums. They stand beside each operation and are checked here.
 * @module
 */

/** Constraints of one member. Lengths are in characters for text, bytes for blobs, items for lists. */
export interface MemberConstraint {
  readonly required?: true;
  readonly length?: readonly [min: number, max: number];
  readonly range?: readonly [min: number, max: number];
  /** As AWS prints it, without `^` and `$`; the whole value must match. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Constraints of a structure's members. */
  readonly members?: Constraints;
  /** Constraints of each item of a list, or of each value of a map. */
  readonly item?: MemberConstraint;
  /** Constraints of each key of a map. */
  readonly key?: MemberConstraint;
}

/** Constraints by member name, as the model spells it (`DeliveryStreamName`). */
export type Constraints = Readonly<Record<string, MemberConstraint>>;

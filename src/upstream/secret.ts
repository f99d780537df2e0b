// How every part of a spec names a secret: never by value.

/** A secret by reference. Called at the moment of use, so that a rotated secret needs no restart. */
export type Secret = () => string;

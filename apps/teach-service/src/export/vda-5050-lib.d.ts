/** The package has types for its clients, and none for the validators that it makes from the published schemas. */
declare module 'vda-5050-lib/common/vda-5050-validators-2.0.js' {
  export const validateOrder: ((order: unknown) => boolean) & { errors: readonly object[] | null };
}

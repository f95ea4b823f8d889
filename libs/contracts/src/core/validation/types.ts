/** One refused field: where (dotted, `steps.3.payload`; empty for the whole) and why. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

export type Validated<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: Fault[] };

export interface ValidateOptions {
  /** Query parameters: strings become what the field is declared as. Bodies and messages are never converted. */
  readonly convert?: boolean;
  /** Nesting allowed in free-form values; JSON.stringify and PostgreSQL both give up on very deep ones. */
  readonly maxDepth?: number;
}

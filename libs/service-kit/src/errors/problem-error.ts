export interface FieldFault {
  readonly path: string;
  readonly message: string;
}

export interface ProblemExtra {
  readonly errors?: readonly FieldFault[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Used to the letter instead of problem+json, where a source fixes the body. */
  readonly body?: object;
  /** The status alone, where a source fixes that there is no body. */
  readonly bodiless?: boolean;
  readonly cause?: unknown;
}

/** An error that is meant for the caller: its status, stable code and text are what is answered. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly errors: readonly FieldFault[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object | undefined;
  readonly bodiless: boolean;

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    extra: ProblemExtra = {},
  ) {
    super(detail, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.errors = extra.errors;
    this.headers = extra.headers ?? {};
    this.body = extra.body;
    this.bodiless = extra.bodiless ?? false;
  }
}

/** The text is not what we take for JSON; `why` is for the log and names no content. */
export class NotJson extends Error {
  override readonly name = 'NotJson';

  constructor(readonly why: string) {
    super(why);
  }
}

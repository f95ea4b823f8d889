/** The end of the object that begins at `from`, one past its last brace; undefined when it never ends. */
function endOfObject(text: string, from: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Braces of prose: the caller looks further on.
    return undefined;
  }
}

/**
 * The source takes the JSON segment out of whatever the model wrapped around it. Exactly one thing of the wanted shape
 * must be in the text: two different answers are no answer. Returns undefined when there is none.
 */
export function findAnswer<T>(text: string, read: (value: unknown) => T | undefined): T | undefined {
  const whole = parsed(text);
  if (whole !== undefined) return read(whole);
  const found = new Map<string, T>();
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at)) {
    const end = endOfObject(text, at);
    const value = end === undefined ? undefined : parsed(text.slice(at, end));
    const answer = value === undefined ? undefined : read(value);
    if (answer !== undefined) found.set(JSON.stringify(answer), answer);
    at = value === undefined || end === undefined ? at + 1 : end;
  }
  return found.size === 1 ? [...found.values()][0] : undefined;
}

/** The canonical form the slow and obvious way: cut into tokens, built up as a tree, written out again. */

type Tree =
  | { readonly members: readonly (readonly [string, Tree])[] }
  | { readonly items: readonly Tree[] }
  | { readonly text: string }
  | { readonly spelling: string };

const TOKEN = /\s*([{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+)/gy;

function tokensOf(text: string): string[] {
  TOKEN.lastIndex = 0;
  const tokens: string[] = [];
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text))
    tokens.push(match[1] as string);
  return tokens;
}

function treeOf(tokens: string[]): Tree {
  const token = tokens.shift() as string;
  if (token === '{') {
    const members: [string, Tree][] = [];
    while (tokens[0] !== '}') {
      const key = JSON.parse(tokens.shift() as string) as string;
      tokens.shift();
      members.push([key, treeOf(tokens)]);
      if (tokens[0] === ',') tokens.shift();
    }
    tokens.shift();
    return { members };
  }
  if (token === '[') {
    const items: Tree[] = [];
    while (tokens[0] !== ']') {
      items.push(treeOf(tokens));
      if (tokens[0] === ',') tokens.shift();
    }
    tokens.shift();
    return { items };
  }
  return token.startsWith('"') ? { text: JSON.parse(token) as string } : { spelling: token };
}

function byCodePoints(a: string, b: string): number {
  const [left, right] = [[...a], [...b]].map((chars) => chars.map((char) => char.codePointAt(0) as number));
  for (let i = 0; i < Math.min(left!.length, right!.length); i += 1) {
    if (left![i] !== right![i]) return left![i]! - right![i]!;
  }
  return left!.length - right!.length;
}

function quoted(text: string, form: 'ascii' | 'raw'): string {
  let out = '"';
  for (const unit of text.split('')) {
    const code = unit.charCodeAt(0);
    const short = (
      { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\f': '\\f', '\b': '\\b' } as Record<
        string,
        string
      >
    )[unit];
    const escaped = `\\u${code.toString(16).padStart(4, '0')}`;
    if (short !== undefined) out += short;
    else if (code < 0x20 || (form === 'ascii' && code > 0x7e)) out += escaped;
    else out += unit;
  }
  // What is no character has no raw spelling.
  return `${out}"`.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

function written(tree: Tree, form: 'ascii' | 'raw'): string {
  if ('spelling' in tree) return tree.spelling;
  if ('text' in tree) return quoted(tree.text, form);
  if ('items' in tree) return `[${tree.items.map((item) => written(item, form)).join(',')}]`;
  const members = [...tree.members].sort(([a], [b]) => byCodePoints(a, b));
  return `{${members.map(([key, value]) => `${quoted(key, form)}:${written(value, form)}`).join(',')}}`;
}

export function referenceCanonical(text: string, form: 'ascii' | 'raw'): string {
  return written(treeOf(tokensOf(text)), form);
}

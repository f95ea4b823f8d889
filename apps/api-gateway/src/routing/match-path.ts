import type { PathPattern } from './route-table';

interface Node<R> {
  /** The row that ends here. */
  exact?: R;
  /** The row that owns everything below. */
  below?: R;
  children?: Map<string, Node<R>>;
}

/** Finds the row that owns a path. A tree of path segments: the number of rows does not slow a request down. */
export class PathTable<R extends { readonly path: PathPattern }> {
  readonly #root: Node<R> = {};

  /** Throws a RangeError when two rows claim the same path. */
  constructor(rows: readonly R[]) {
    for (const row of rows) {
      if (row.path.endsWith('/*')) this.#claim(row.path.slice(0, -2), row, false, true);
      else if (row.path.endsWith('*')) this.#claim(row.path.slice(0, -1), row, true, true);
      else this.#claim(row.path, row, true, false);
    }
  }

  /** `path` without its query. Nothing is decoded: an encoded slash stays part of its segment. */
  find(path: string): R | undefined {
    let node = this.#root;
    let owner: R | undefined;
    for (let from = 1; ;) {
      const slash = path.indexOf('/', from);
      const next = node.children?.get(slash === -1 ? path.slice(from) : path.slice(from, slash));
      if (next === undefined) return owner;
      if (slash === -1) return next.exact ?? owner;
      owner = next.below ?? owner;
      node = next;
      from = slash + 1;
    }
  }

  #claim(path: string, row: R, exact: boolean, below: boolean): void {
    let node = this.#root;
    for (const segment of path.slice(1).split('/')) {
      node.children ??= new Map();
      let next = node.children.get(segment);
      if (next === undefined) node.children.set(segment, (next = {}));
      node = next;
    }
    if ((exact && node.exact) || (below && node.below)) throw new RangeError(`two routes own ${row.path}`);
    if (exact) node.exact = row;
    if (below) node.below = row;
  }
}

/** The path of a request's target: no query, no fragment. */
export function pathOf(url: string | undefined): string {
  if (url === undefined || url === '') return '/';
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

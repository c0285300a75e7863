export type RouteMatch<T> = {
  readonly value: T;
  readonly routeKey: string;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
};

type Route<T> = {
  readonly routeKey: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly value: T;
};

/**
 * Finds the most specific route, as API Gateway does: segment by segment a literal wins over `{name}`, `{name}` over
 * `{name+}`; then a method over `ANY`; `$default` comes last. Throws a URIError for a malformed path.
 */
export function createRoutes<T>(entries: readonly (readonly [routeKey: string, value: T])[]) {
  const routes = entries.map(([routeKey, value]): Route<T> => {
    const [method = '', path = ''] = routeKey.split(' ');
    return { routeKey, method, segments: path.split('/').slice(1), value };
  });
  const inOrder = routes.toSorted((left, right) => (rank(left) < rank(right) ? -1 : 1));

  return (method: string, path: string): RouteMatch<T> | undefined => {
    const actual = path.split('/').slice(1).map(decodeURIComponent);
    for (const { routeKey, value, ...route } of inOrder) {
      if (routeKey === '$default') return { value, routeKey, pathParameters: {} };
      if (route.method !== method && route.method !== 'ANY') continue;
      const pathParameters = matchSegments(route.segments, actual);
      if (pathParameters !== undefined) return { value, routeKey, pathParameters };
    }
    return undefined;
  };
}

/** Sorts as text: the more specific, the smaller. */
function rank({ routeKey, method, segments }: Route<unknown>): string {
  if (routeKey === '$default') return '9';
  const ranks = segments.map((segment) => (segment.endsWith('+}') ? '3' : isParameter(segment) ? '2' : '1'));
  return `${ranks.join('')}${method === 'ANY' ? '1' : '0'}`;
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{') && segment.endsWith('}');
}

function matchSegments(segments: readonly string[], actual: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = actual[index] ?? '';
    if (segment.endsWith('+}')) {
      const rest = actual.slice(index).join('/');
      return rest === '' ? undefined : { ...parameters, [segment.slice(1, -2)]: rest };
    }
    if (!isParameter(segment)) {
      if (segment !== value) return undefined;
    } else if (value === '') return undefined;
    else parameters[segment.slice(1, -1)] = value;
  }
  return segments.length === actual.length ? parameters : undefined;
}

/** The operations in the order in which a person meets them. An operation that is not listed follows its longest listed prefix. */
const ORDER = [
  'post /auth/register',
  'get /auth/confirm',
  'post /auth/confirm',
  'post /auth/send',
  'post /auth/login',
  'post /auth/refresh',
  'get /auth/refresh',
  'post /auth/logout',
  'post /auth/password-reset',
  'get /user',
  'put /user',
  'delete /user',
  'get /erasures/{receipt}',
  'get /users',
  'get /users/summary',
  'get /users/{id}',
  'put /users/{id}/roles',
  'post /users/{id}/suspension',
  'delete /users/{id}/suspension',
  'get /audit/events',
  'post /audit/grants',
  'get /audit/grants',
  'get /audit/checkpoint',
  'get /audit/proof',
  'get /audit/consistency',
  'post /hooks/ses',
];

const PATHS = ORDER.map((operation) => operation.split(' ')[1]);

/** The position of an operation; one that is not listed takes the last position of the longest listed path it is below. */
const positionOf = (method, path) => {
  const listed = ORDER.indexOf(`${method} ${path}`);
  if (listed !== -1) return listed;
  const above = PATHS.filter((prefix) => path === prefix || path.startsWith(`${prefix}/`));
  const longest = above.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? ORDER.length : PATHS.lastIndexOf(longest) + 0.5;
};

const sorted = (entries, position) =>
  Object.fromEntries(
    entries
      .map((entry) => [position(entry), entry])
      .sort(([a], [b]) => a - b)
      .map(([, entry]) => entry),
  );

/** Sorts paths by their first operation, and the operations of each path. The sort is stable. */
export const inOrder = (paths) => {
  const perPath = Object.entries(paths).map(([path, operations]) => [
    path,
    sorted(Object.entries(operations), ([method]) => positionOf(method, path)),
  ]);
  return sorted(perPath, ([path, operations]) => positionOf(Object.keys(operations)[0], path));
};

/** The tags of the operations, in the order of their first operation: documentation shows one section for each. */
export const tagsOf = (paths, descriptions) => {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const names = [...new Set(operations.flatMap(({ tags }) => tags ?? []))];
  return names.map((name) => ({ name, ...(name in descriptions ? { description: descriptions[name] } : {}) }));
};

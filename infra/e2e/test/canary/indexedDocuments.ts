const PAGE = 1_000;

/** Everything that an OpenSearch node holds, in all indices and data streams, as JSON. */
export const indexedDocuments = async (url: string): Promise<string> => {
  await post(`${url}/_refresh?expand_wildcards=all`);
  const pages: string[] = [];
  let page = await post(`${url}/_search?scroll=1m&expand_wildcards=all`, { size: PAGE });
  for (
    ;
    page.hits.hits.length > 0;
    page = await post(`${url}/_search/scroll`, { scroll: '1m', scroll_id: page._scroll_id })
  )
    pages.push(JSON.stringify(page.hits.hits));
  return pages.join('\n');
};

/** An index of a test, with one document. */
export const plantedIndex = (url: string) => ({
  plant: (text: string) => post(`${url}/planted/_doc?refresh=true`, { text }),
  remove: () => send('DELETE', `${url}/planted`),
});

/** Merges the segments of all indices, which drops what was deleted from the files. */
export const mergeSegments = (url: string) => post(`${url}/_forcemerge?max_num_segments=1&expand_wildcards=all`);

interface Answer {
  _scroll_id: string;
  hits: { hits: unknown[] };
}

const post = (url: string, body?: object) => send('POST', url, body);

/** @throws Error with the answer of the node, unless it is a success */
const send = async (method: string, url: string, body?: object): Promise<Answer> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!answer.ok)
    throw new Error(`${method} ${new URL(url).pathname} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
};

import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { API_DOCS_INITIALIZER } from './apiDocsInitializer.js';

interface Plugin {
  statePlugins: {
    spec: { wrapActions: { updateJsonSpec(update: (shown: unknown) => unknown): (given: unknown) => unknown } };
  };
}

interface Settings {
  plugins: Plugin[];
  requestInterceptor(request: object): object;
}

/** What the page starts Swagger UI with. */
const settings = (): Settings => {
  const started: Settings[] = [];
  const window: { onload?(): void } = {};
  const SwaggerUIBundle = (given: Settings) => started.push(given);
  runInNewContext(API_DOCS_INITIALIZER, { window, SwaggerUIBundle, FormData, URLSearchParams });
  window.onload?.();
  return started[0] as Settings;
};

/** What the page passes on to Swagger UI when it has loaded a document. */
const shown = (document: object): unknown => {
  const [plugin] = settings().plugins;
  return plugin?.statePlugins.spec.wrapActions.updateJsonSpec((given) => given)(structuredClone(document));
};

const bodyOf = (schema: object) => ({
  paths: { '/user': { put: { requestBody: { content: { 'multipart/form-data': { schema } } } }, get: {} } },
});

describe('the page of the API documentation', () => {
  it('fills the required fields of a form with the example, and leaves others empty', () => {
    const text = { type: 'string' };
    const picture = { type: 'string', format: 'binary' };
    const rest = { required: ['name'], examples: [{ name: 'Ada King', email: 'ada@example.org' }] };
    const filled = { name: { ...text, examples: ['Ada King'] }, email: { ...text, examples: [''] }, picture };
    expect(shown(bodyOf({ properties: { name: text, email: { ...text }, picture }, ...rest }))).toEqual(
      bodyOf({ properties: filled, ...rest }),
    );
  });

  it('sends no empty field of a form, and every other request as it is', () => {
    const body = new FormData();
    for (const [name, value] of [
      ['name', 'Ada'],
      ['email', ''],
      ['picture', new Blob(['x'])],
    ] as const)
      body.append(name, value);
    const { requestInterceptor } = settings();
    expect(requestInterceptor({ url: 'u', body })).toEqual({ url: 'u', body });
    expect([...body.keys()]).toEqual(['name', 'picture']);
    const form = {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'token=a%2Bb&password=&name=',
    };
    expect(requestInterceptor(form)).toEqual({ ...form, body: 'token=a%2Bb' });
    const json = { headers: { 'Content-Type': 'application/json' }, body: '{"email":""}' };
    expect(requestInterceptor({ ...json })).toEqual(json);
    expect(requestInterceptor({ url: 'u' })).toEqual({ url: 'u' });
  });

  it('shows a document without forms as it is', () => {
    const document = { paths: { '/user': { get: { responses: {} } } } };
    expect(shown(document)).toEqual(document);
    expect(shown({})).toEqual({});
  });
});

import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { API_DOCS_INITIALIZER } from './apiDocsInitializer.js';

interface Plugin {
  statePlugins: {
    spec: { wrapActions: { updateJsonSpec(update: (shown: unknown) => unknown): (given: unknown) => unknown } };
  };
}

/** What the page passes on to Swagger UI when it has loaded a document. */
const shown = (document: object): unknown => {
  const plugins: Plugin[] = [];
  const window: { onload?(): void } = {};
  const SwaggerUIBundle = (settings: { plugins: Plugin[] }) => plugins.push(...settings.plugins);
  runInNewContext(API_DOCS_INITIALIZER, { window, SwaggerUIBundle });
  window.onload?.();
  const [plugin] = plugins;
  return plugin?.statePlugins.spec.wrapActions.updateJsonSpec((given) => given)(structuredClone(document));
};

const bodyOf = (schema: object) => ({
  paths: { '/user': { put: { requestBody: { content: { 'multipart/form-data': { schema } } } }, get: {} } },
});

describe('the page of the API documentation', () => {
  it('fills the fields of a form with the example, and leaves those empty that it does not have', () => {
    const text = { type: 'string' };
    const picture = { type: 'string', format: 'binary' };
    const examples = [{ name: 'Ada King' }];
    const filled = { name: { ...text, examples: ['Ada King'] }, email: { ...text, examples: [''] }, picture };
    expect(shown(bodyOf({ properties: { name: text, email: { ...text }, picture }, examples }))).toEqual(
      bodyOf({ properties: filled, examples }),
    );
  });

  it('shows a document without forms as it is', () => {
    const document = { paths: { '/user': { get: { responses: {} } } } };
    expect(shown(document)).toEqual(document);
    expect(shown({})).toEqual({});
  });
});

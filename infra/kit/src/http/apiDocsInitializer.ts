/**
 * Starts Swagger UI. The URL of the document is relative to the page, so it also holds below the path of a public URL.
 *
 * Swagger UI fills every field of a form with a value that it makes up, and "Execute" would rename the user who only sends a
 * picture. So fields have the values of the example, and are empty without one; empty fields are not sent.
 */
export const API_DOCS_INITIALIZER = `const FORMS = ['multipart/form-data', 'application/x-www-form-urlencoded'];

const withExamples = (schema) => {
  const example = schema.examples?.[0] ?? {};
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    if (property.format !== 'binary') property.examples = [example[name] ?? ''];
};

const fillForms = (document) => {
  for (const operations of Object.values(document.paths ?? {}))
    for (const { requestBody } of Object.values(operations))
      for (const type of FORMS) withExamples(requestBody?.content?.[type]?.schema ?? {});
  return document;
};

const filledForms = {
  statePlugins: { spec: { wrapActions: { updateJsonSpec: (update) => (document) => update(fillForms(document)) } } },
};

window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: '../openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    validatorUrl: null,
    plugins: [filledForms],
  });
};
`;

/**
 * Starts Swagger UI. The URL of the document is relative to the page, so it also holds below the path of a public URL.
 *
 * Swagger UI fills every field of a form with a value that it makes up, and "Execute" would rename the user who only sends a
 * picture. So required fields have the values of the example, and others are empty. It would also send the empty ones.
 */
export const API_DOCS_INITIALIZER = `const FORMS = ['multipart/form-data', 'application/x-www-form-urlencoded'];

const withExamples = (schema) => {
  const { properties = {}, required = [], examples: [example] = [{}] } = schema;
  for (const [name, property] of Object.entries(properties))
    if (property.format !== 'binary') property.examples = [required.includes(name) ? example[name] : ''];
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

const withoutEmptyFields = (request) => {
  const { body } = request;
  const type = String(request.headers?.['Content-Type'] ?? '');
  const fields = type.startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(body) : body;
  if (!(fields instanceof FormData || fields instanceof URLSearchParams)) return request;
  for (const name of [...fields.keys()]) if (fields.getAll(name).every((value) => value === '')) fields.delete(name);
  if (fields instanceof URLSearchParams) request.body = fields.toString();
  return request;
};

window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: '../openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    validatorUrl: null,
    plugins: [filledForms],
    requestInterceptor: withoutEmptyFields,
  });
};
`;

import { topicsOf } from './topicsOf.mjs';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 56rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h2 { margin-top: 3rem; border-bottom: 1px solid #8886; }
h3 { margin-top: 2rem; }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
pre { padding: 0.75rem; overflow-x: auto; background: #8882; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; border-bottom: 1px solid #8884; }
dt { font-weight: 600; }
dd { margin: 0 0 0.5rem; }
`;

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text) => String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);

/** Text with code between backticks, in paragraphs. */
const inline = (text) => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');
const paragraphs = (text) =>
  text
    .split('\n\n')
    .map((one) => `<p>${inline(one)}</p>`)
    .join('\n');

const table = (head, rows) =>
  `<table><thead><tr>${head.map((cell) => `<th scope="col">${cell}</th>`).join('')}</tr></thead><tbody>\n${rows
    .map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
    .join('\n')}\n</tbody></table>`;

const DAY_MS = 86_400_000;

/** A setting of a topic, with its duration in days. */
const settingOf = (name, value) => {
  const text = [value].flat().join(', ');
  return name.endsWith('.ms') && value > 0 ? `${text} (${value / DAY_MS} d)` : text;
};

/** The type of a field in words, such as `array of string`. */
const typeOf = (schema) => {
  if ('const' in schema) return `<code>${escaped(schema.const)}</code>`;
  const values = schema.enum ?? schema['x-extensible-enum'];
  if (values !== undefined) {
    const more = schema.enum === undefined ? ', and others later' : '';
    return `${values.map((value) => `<code>${escaped(value)}</code>`).join(', ')}${more}`;
  }
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  return escaped(schema.format ?? schema.type);
};

const fields = ({ properties = {}, required = [] }) =>
  Object.entries(properties).map(([name, schema]) => [
    `<code>${escaped(name)}</code>`,
    typeOf(schema),
    required.includes(name) ? 'always' : 'optional',
    inline(schema.description ?? ''),
  ]);

const FIELD_HEAD = ['Name', 'Value', 'Present', 'Meaning'];
const anchor = (name) => escaped(name.replaceAll('.', '-'));
const link = (name) => `<a href="#${anchor(name)}"><code>${escaped(name)}</code></a>`;

const topicSection = ([name, { title, description, partitions, config, promises, messages }]) => `
<section id="${anchor(name)}">
<h2>${escaped(title)}: <code>${escaped(name)}</code></h2>
${paragraphs(description)}
<h3>Promises</h3>
<dl>${Object.entries(promises)
  .map(([subject, text]) => `<dt>${escaped(subject)}</dt><dd>${inline(text)}</dd>`)
  .join('\n')}</dl>
<h3>Settings</h3>
${table(
  ['Setting', 'Value'],
  [
    ['partitions', escaped(partitions)],
    ...Object.entries(config).map(([setting, value]) => [
      `<code>${escaped(setting)}</code>`,
      escaped(settingOf(setting, value)),
    ]),
  ],
)}
<h3>Messages</h3>
<p>${Object.keys(messages).map(link).join(', ')}</p>
</section>`;

const contentOf = (payload) => {
  if (payload.properties !== undefined) return table(FIELD_HEAD, fields(payload));
  return payload.type === 'null' ? '<p>The record has no value.</p>' : '<p>The value is text.</p>';
};

const messageSection = ([type, { title, payload, examples, description }]) => `
<section id="${anchor(type)}">
<h3>${escaped(title)}: <code>${escaped(type)}</code></h3>
${paragraphs(description)}
${contentOf(payload)}
${examples.map((example) => `<pre><code>${escaped(JSON.stringify({ headers: example.headers, value: example.payload }, null, 2))}</code></pre>`).join('\n')}
</section>`;

const headersSection = (id, title, { headers }) => `<section id="${id}"><h2>${title}</h2>
${paragraphs(headers.description)}
${table(FIELD_HEAD, fields(headers))}</section>`;

/**
 * An HTML page of the AsyncAPI document, without scripts and without references to other hosts. The document's own URL is
 * relative to the page's, which is `/asyncapi/`.
 */
export const contractPage = (document) => {
  const topics = topicsOf(document);
  const messages = Object.assign({}, ...Object.values(topics).map((topic) => topic.messages));
  const { info, components } = document;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(info.title)}</title><style>${STYLE}</style></head>
<body>
<header><h1>${escaped(info.title)}</h1>
${paragraphs(info.description)}
<p>Version ${escaped(info.version)}. <a href="../asyncapi.json">The AsyncAPI document</a> contains the JSON Schemas and the samples below.</p></header>
<nav><ul>${Object.keys(topics)
    .map((name) => `<li>${link(name)}</li>`)
    .join('')}</ul></nav>
<main>${Object.entries(topics).map(topicSection).join('\n')}
${headersSection('headers', 'Headers of every message about a user', components.messageTraits.cloudEvent)}
${headersSection('checkpoint-headers', 'Headers of checkpoints', components.messageTraits.checkpointEvent)}
<h2>Messages</h2>
${Object.entries(messages).map(messageSection).join('\n')}
</main></body></html>
`;
};

'use strict';

// Shows the OpenAPI document of this gateway. Every text goes into the page as text.

const methods = ['get', 'post', 'put', 'patch', 'delete'];

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Prose with `code` and **strong** in it, a paragraph for each blank line. */
function prose(text) {
  return text.trim().split(/\n\s*\n/).map((paragraph) => {
    const made = element('p');
    for (const part of paragraph.replaceAll('\n', ' ').split(/(`[^`]+`|\*\*[^*]+\*\*)/)) {
      if (part.startsWith('`')) made.append(element('code', {}, part.slice(1, -1)));
      else if (part.startsWith('**')) made.append(element('strong', {}, part.slice(2, -2)));
      else made.append(part);
    }
    return made;
  });
}

function inline(text) {
  return text ? [...prose(text)[0].childNodes] : [];
}

class Reference {
  constructor(description) {
    this.description = description;
  }

  resolve(value) {
    if (!value || !value.$ref) return value;
    return value.$ref.slice(2).split('/').reduce((found, name) => found[name], this.description);
  }

  typeOf(schema) {
    const name = schema.$ref && schema.$ref.split('/').pop();
    const known = this.resolve(schema);
    if (known.oneOf) return known.oneOf.map((each) => this.typeOf(each)).join(' or ');
    if (known.type === 'array' && known.items) return `array of ${this.typeOf(known.items)}`;
    const type = [known.type].flat().filter(Boolean).join(' or ') || 'any';
    return name && type === 'object' ? name : known.format ? `${type} (${known.format})` : type;
  }

  /** All properties of a schema, those of nested objects under their paths. */
  fields(schema, prefix = '', depth = 0) {
    const known = this.resolve(schema);
    const parts = known.allOf ?? known.oneOf;
    if (parts) return parts.flatMap((part) => this.fields(part, prefix, depth));
    return Object.entries(known.properties ?? {}).flatMap(([name, property]) => {
      const path = prefix + name;
      const inner = this.resolve(property);
      const nested = inner.type === 'array' ? inner.items : property;
      const deeper = depth < 2 && nested ? this.fields(nested, `${path}${inner.type === 'array' ? '[]' : ''}.`, depth + 1) : [];
      return [{path, schema: property, known: {...inner, ...property}}, ...deeper];
    });
  }

  fieldTable(schema) {
    const rows = this.fields(schema).map(({path, schema: own, known}) => {
      const facts = [...inline(known.description)];
      if (known.enum) facts.push(` One of ${known.enum.join(', ')}.`);
      if (known.readOnly) facts.push(' Read only.');
      return element('tr', {}, element('td', {}, element('code', {}, path)),
        element('td', {class: 'soft'}, this.typeOf(own)), element('td', {}, ...facts));
    });
    return rows.length ? this.table(['Field', 'Type', 'Meaning'], rows) : '';
  }

  table(heads, rows) {
    const head = element('tr', {}, ...heads.map((each) => element('th', {scope: 'col'}, each)));
    return element('div', {class: 'wide'}, element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows)));
  }

  parameterTable(parameters) {
    return this.table(['Parameter', 'In', 'Meaning'], parameters.map((each) => this.resolve(each)).map((parameter) => {
      const facts = [...inline(parameter.description)];
      if (parameter.schema?.enum) facts.push(` One of ${parameter.schema.enum.join(', ')}.`);
      if (parameter.schema?.default !== undefined) facts.push(` ${parameter.schema.default} if absent.`);
      return element('tr', {}, element('td', {}, element('code', {}, parameter.name)),
        element('td', {class: 'soft'}, parameter.in), element('td', {}, ...facts));
    }));
  }

  /** The request as a line for a shell. */
  curl(method, path, operation) {
    const filled = path.replace(/\{(\w+)\}/g, (all, name) => {
      const found = (operation.parameters ?? []).map((each) => this.resolve(each)).find((each) => each.name === name);
      return found?.example ?? all;
    });
    const lines = [`curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}$GATEWAY${filled}`];
    if (!operation.security) lines.push('  -H "Authorization: Bearer $KEY"');
    const example = Object.values(operation.requestBody?.content?.['application/json']?.examples ?? {})[0];
    if (example) {
      const body = JSON.stringify(example.value).replaceAll("'", "'\\''");
      lines.push("  -H 'Content-Type: application/json'", `  -d '${body}'`);
    }
    return lines.join(' \\\n');
  }

  operation(path, method, operation) {
    const made = element('article', {id: operation.operationId, 'data-words':
      `${method} ${path} ${operation.summary} ${operation.tags.join(' ')}`.toLowerCase()});
    made.append(element('h3', {}, operation.summary),
      element('p', {class: 'path'}, element('span', {class: `method ${method}`}, method.toUpperCase()), ` ${path}`));
    if (operation.description) made.append(...prose(operation.description));
    if (operation.parameters?.length) made.append(element('h4', {}, 'Parameters'), this.parameterTable(operation.parameters));
    const body = operation.requestBody?.content?.['application/json'];
    if (body) made.append(element('h4', {}, 'Body'), this.fieldTable(body.schema));
    for (const [status, response] of Object.entries(operation.responses)) {
      if (status === 'default') continue;
      made.append(element('h4', {}, `Answer ${status}: ${response.description}`));
      const answer = response.content?.['application/json'];
      if (answer?.schema && !body) made.append(this.fieldTable(answer.schema));
    }
    made.append(element('h4', {}, 'Try it'), element('pre', {tabindex: '0'}, this.curl(method, path, operation)));
    return made;
  }

  show(content, index) {
    const {info, tags, paths} = this.description;
    content.replaceChildren(...prose(info.description));
    for (const tag of tags) {
      const operations = Object.entries(paths).flatMap(([path, item]) => methods
        .filter((method) => item[method]?.tags.includes(tag.name)).map((method) => [path, method, item[method]]));
      const section = element('section', {}, element('h2', {}, tag.name), ...prose(tag.description),
        ...operations.map((each) => this.operation(...each)));
      const links = operations.map(([, method, operation]) => element('li', {}, element('a', {href: `#${operation.operationId}`},
        element('span', {class: `method ${method}`}, method.toUpperCase()), ` ${operation.summary}`)));
      content.append(section);
      index.append(element('h2', {}, tag.name), element('ul', {}, ...links));
    }
  }
}

/** Shows only what has all words of the search. */
function filter(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const article of document.querySelectorAll('article')) {
    article.hidden = !wanted.every((word) => article.dataset.words.includes(word));
    count += article.hidden ? 0 : 1;
    document.querySelector(`nav a[href="#${article.id}"]`).parentElement.hidden = article.hidden;
  }
  for (const heading of document.querySelectorAll('nav h2')) {
    heading.hidden = !heading.nextElementSibling.querySelector('li:not([hidden])');
  }
  for (const section of document.querySelectorAll('section')) {
    section.hidden = !section.querySelector('article:not([hidden])');
  }
  document.querySelector('.empty')?.remove();
  if (count === 0) document.querySelector('#content').append(element('p', {class: 'empty'}, `No operation has "${words}".`));
}

async function main() {
  const content = document.querySelector('#content');
  try {
    const response = await fetch('/ui/api/openapi.json');
    if (!response.ok) throw new Error(`The gateway answered ${response.status}.`);
    new Reference(await response.json()).show(content, document.querySelector('#index'));
    document.querySelector('#filter').addEventListener('input', (event) => filter(event.target.value));
    if (location.hash) document.querySelector(location.hash)?.scrollIntoView();
  } catch (error) {
    const again = element('button', {type: 'button'}, 'Try again');
    again.addEventListener('click', main);
    content.replaceChildren(element('p', {class: 'note'}, `The description could not be loaded. ${error.message}`), again);
  }
}

main();

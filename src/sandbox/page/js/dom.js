// Elements from plain values. A part of the page is a function that returns nodes; `mount` changes only what differs from
// the last time, by key, so that focus, selection and scroll stay. Text enters the document as text alone.

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'use']);
const PROPERTIES = new Set(['value', 'checked', 'disabled', 'hidden', 'inert', 'open']);
const HOLE = { hole: true };

/** h('button.btn', { onclick, 'aria-label': 'x', testid: 'y', key: 'z' }, child, ...). A child may be null. */
export function h(spec, props, ...kids) {
  const [tag, ...classes] = spec.split('.');
  if (props !== null && (typeof props !== 'object' || Array.isArray(props) || isNode(props))) {
    kids.unshift(props);
    props = null;
  }
  const all = { ...props };
  const cls = [...classes, all.class].filter(Boolean).join(' ');
  if (cls) all.class = cls;
  const { key } = all;
  delete all.key;
  return { tag: tag || 'div', key, props: all, kids: toNodes(kids) };
}

/** A node that is made again only if one of `deps` is another value. */
export const memo = (key, deps, make) => ({ key, deps, make });

export const icon = (name, cls = '', label = null) => h('svg', {
  class: `i ${cls}`.trim(), 'aria-hidden': label ? null : 'true', role: label ? 'img' : null, 'aria-label': label,
}, h('use', { href: `#i-${name}` }));

export const iconButton = (name, label, onclick, testid, extra = {}) =>
  h('button.icon', { type: 'button', 'aria-label': label, title: label, onclick, testid, ...extra }, icon(name));

const isNode = (x) => x !== null && typeof x === 'object' && ('tag' in x || 'make' in x || 'text' in x || x.hole === true);

function toNodes(kids) {
  return kids.flat(Infinity).map((kid) => {
    if (kid === null || kid === undefined || kid === false || kid === '') return HOLE;
    return typeof kid === 'object' ? kid : { text: String(kid) };
  });
}

const elementOf = (node) => (node.make ? elementOf(node.node) : node.el ?? null);
const sameKind = (a, b) => a.tag === b.tag && Boolean(a.make) === Boolean(b.make) && ('text' in a) === ('text' in b) && !a.hole === !b.hole;

function create(node, svg) {
  if (node.hole) return null;
  if (node.make) {
    node.node = node.make();
    return create(node.node, svg);
  }
  if ('text' in node) {
    node.el = document.createTextNode('');
    node.el.textContent = node.text;
    return node.el;
  }
  const inSvg = svg || SVG_TAGS.has(node.tag);
  const el = inSvg ? document.createElementNS(SVG, node.tag) : document.createElement(node.tag);
  node.el = el;
  for (const [name, value] of Object.entries(node.props)) if (name !== 'value') setProp(el, name, undefined, value);
  for (const kid of node.kids) {
    const made = create(kid, inSvg);
    if (made) el.append(made);
  }
  if ('value' in node.props) setProp(el, 'value', undefined, node.props.value); // after the options of a select
  return el;
}

function dispatch(event) {
  event.currentTarget.handlers?.[event.type]?.(event);
}

function setProp(el, name, old, value) {
  if (name.startsWith('on')) {
    const type = name.slice(2);
    el.handlers ??= {};
    if (!(type in el.handlers)) el.addEventListener(type, dispatch);
    el.handlers[type] = value;
  } else if (PROPERTIES.has(name) && name in el) {
    const wanted = value ?? (name === 'value' ? '' : false);
    if (el[name] !== wanted) el[name] = wanted;
  } else if (old !== value) {
    const attribute = name === 'testid' ? 'data-testid' : name;
    if (value === false || value === null || value === undefined) el.removeAttribute(attribute);
    else el.setAttribute(attribute, value === true ? '' : String(value));
  }
}

function update(old, node) {
  if (node.make) {
    if (old.deps.length === node.deps.length && old.deps.every((x, i) => Object.is(x, node.deps[i]))) {
      node.node = old.node;
      return;
    }
    node.node = node.make();
    if (sameKind(old.node, node.node)) update(old.node, node.node);
    else replace(old.node, node.node);
    return;
  }
  if (node.hole) return;
  node.el = old.el;
  if ('text' in node) {
    if (old.text !== node.text) node.el.textContent = node.text;
    return;
  }
  for (const name of Object.keys(old.props)) if (!(name in node.props)) setProp(node.el, name, old.props[name], undefined);
  for (const [name, value] of Object.entries(node.props)) if (name !== 'value') setProp(node.el, name, old.props[name], value);
  updateKids(node.el, old.kids, node.kids);
  if ('value' in node.props) setProp(node.el, 'value', old.props.value, node.props.value);
}

function replace(old, node) {
  const el = create(node, false);
  elementOf(old)?.replaceWith(el ?? '');
}

/** Pairs new nodes with old ones: by key, and those without a key by their place among such. */
function updateKids(parent, olds, news) {
  const keyed = new Map();
  const unkeyed = [];
  for (const old of olds) {
    if (old.key === undefined) unkeyed.push(old);
    else keyed.set(old.key, old);
  }
  const pairs = [];
  const kept = new Set();
  let place = 0;
  for (const node of news) {
    const old = node.key === undefined ? unkeyed[place++] : keyed.get(node.key);
    const pair = old && !kept.has(old) && sameKind(old, node) ? old : null;
    if (pair) kept.add(pair);
    pairs.push(pair);
  }
  for (const old of olds) if (!kept.has(old)) elementOf(old)?.remove();
  const svg = parent.namespaceURI === SVG;
  let next = null;
  for (let i = news.length - 1; i >= 0; i--) {
    if (pairs[i]) update(pairs[i], news[i]);
    else create(news[i], svg);
    const el = elementOf(news[i]);
    if (!el) continue;
    if (el.parentNode !== parent || el.nextSibling !== next) parent.insertBefore(el, next);
    next = el;
  }
}

/** Makes `kids` the content of `parent`, which holds nothing else. */
export function mount(parent, ...kids) {
  const nodes = toNodes(kids);
  const active = document.activeElement;
  if (!parent.mounted) parent.replaceChildren();
  updateKids(parent, parent.mounted ?? [], nodes);
  parent.mounted = nodes;
  // A row that moves loses focus.
  if (active !== document.activeElement && active?.isConnected && parent.contains(active)) active.focus({ preventScroll: true });
}

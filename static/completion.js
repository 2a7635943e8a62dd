// What may stand where the cursor is, from the table of kinds; pure, for the editor.

// The place in the text: section, the part around it, the group of keys, and the word begun.
export function context(text, position) {
  const lines = text.slice(0, position).split("\n");
  const all = text.split("\n");
  const n = lines.length - 1;
  const current = lines[n];
  let section = "";
  for (let i = n; i >= 0 && !section; i -= 1) section = /^([a-z_]+):/.exec(all[i])?.[1] ?? "";
  const part = item(all, n);
  const flow = inBraces(current);
  const piece = flow === null ? current.replace(/^\s*(?:- )?/, "") : flow.text;
  const value = /^([\w.]+):\s+(.*)$/s.exec(piece);
  const group = [...(flow?.groups ?? []), ...(flow === null ? groups(all, n, current) : groups(all, n, current.replace(/\{.*$/, "")))].join(".");
  const written = value ? value[2].replace(/^.*[[,]\s*/, "") : piece;
  return {
    section, group,
    key: value ? value[1] : "",
    word: written.trimStart(),
    isValue: Boolean(value),
    part: part.text,
    depth: /^\s*/.exec(current)[0].length,
    inFlow: flow !== null,
    kind: /(?:^|[{,\s])kind:\s*([\w-]+)/.exec(part.text)?.[1] ?? "",
  };
}

// The lines of the list entry that line n belongs to.
function item(all, n) {
  let start = n;
  while (start > 0 && !/^\s*- /.test(all[start]) && /^(\s|#|$)/.test(all[start])) start -= 1;
  const indent = /^\s*/.exec(all[start])[0].length;
  let end = start + 1;
  while (end < all.length && (/^\s*$/.test(all[end]) || /^\s*/.exec(all[end])[0].length > indent)) end += 1;
  return { text: all.slice(start, end).join("\n") };
}

// What stands in the innermost open brace of the line, from its last comma, with the keys around it.
function inBraces(current) {
  const open = [];
  let quote = "";
  [...current].forEach((c, i) => {
    if (quote) { if (c === quote) quote = ""; return; }
    if ((c === '"' || c === "'") && /[\s:,[{]/.test(current[i - 1] ?? " ")) quote = c;
    else if (c === "{" || c === "[") open.push({ c, at: i });
    else if (c === "}" || c === "]") open.pop();
  });
  const braces = open.filter((one) => one.c === "{");
  if (!braces.length) return null;
  const groups = braces.map((one) => /([\w.]+):\s*$/.exec(current.slice(0, one.at))?.[1]).filter(Boolean);
  const last = braces.at(-1).at;
  let start = last + 1;
  let depth = 0;
  for (let i = start; i < current.length; i += 1) {
    if ("{[".includes(current[i])) depth += 1;
    else if ("}]".includes(current[i])) depth -= 1;
    else if (current[i] === "," && depth === 0) start = i + 1;
  }
  return { text: current.slice(start).trimStart(), groups };
}

// The keys of lines above that the current line is indented under, within its part.
function groups(all, n, current) {
  const found = [];
  let indent = /^\s*/.exec(current)[0].length;
  for (let i = n - 1; i >= 0 && indent > 0; i -= 1) {
    if (/^\s*(#|$)/.test(all[i])) continue;
    const own = /^\s*/.exec(all[i])[0].length;
    if (/^\s*- /.test(all[i])) break;
    if (own >= indent) continue;
    const key = /^\s*([\w]+):\s*$/.exec(all[i])?.[1];
    if (own === 0) break;
    if (key) found.unshift(key);
    indent = own;
  }
  return found;
}

function ids(text, kinds, table) {
  const found = [];
  const lines = text.split("\n");
  let section = "";
  lines.forEach((line, n) => {
    section = /^([a-z_]+):/.exec(line)?.[1] ?? section;
    const id = /^\s*-\s*(?:\{\s*)?(?:.*[,{]\s*)?id:\s*([\w-]+)/.exec(line)?.[1];
    if (!id) return;
    const kind = /(?:^|[{,\s])kind:\s*([\w-]+)/.exec(item(lines, n).text)?.[1] ?? "";
    const names = { components: ["component", kind], boundaries: ["boundary"], data: ["data"], decisions: ["decision"] }[section] ?? [];
    if (names.some((name) => kinds.includes(name) || kinds.includes("subject"))) found.push({ word: id, means: table.kinds[kind]?.title ?? "" });
  });
  return found;
}

const SECTIONS = { model: "sdm/1", design: "what the whole is", defaults: "what holds for every part of a kind", boundaries: "accounts, networks, teams", data: "what is kept, and how sensitive it is", components: "what it is made of", edges: "what flows where", decisions: "why it is so", scenarios: "loads to reckon with", waivers: "findings that are accepted", layout: "hints for the drawing" };

// Proposals, each with the text that goes in and where it begins. `asked` is Ctrl Space.
export function propose(text, position, table, asked) {
  const at = context(text, position);
  const { section, kind, key, word } = at;
  if (!asked && !word && !(at.isValue && /: $/.test(text.slice(0, position)))) return [];
  if (/^\s*#/.test(text.slice(text.lastIndexOf("\n", position - 1) + 1, position))) return [];
  const start = position - word.length;
  const known = section === "components" ? table.kinds[kind]?.attributes ?? {}
    : section === "defaults" ? table.kinds[at.group.split(".")[0]]?.attributes ?? {}
    : table.sections[section] ?? {};
  const group = section === "defaults" ? at.group.split(".").slice(1).join(".") : at.group;
  const options = at.isValue ? values(text, section, group ? `${group}.${key}` : key, known, table) : keys(at, group, known, table);
  const wanted = word.toLowerCase();
  const fits = options.filter((one) => one.word !== word && one.word.toLowerCase().includes(wanted));
  fits.sort((a, b) => Number(b.word.startsWith(wanted)) - Number(a.word.startsWith(wanted)));
  return fits.map((one) => ({ ...one, text: one.text ?? one.word, start }));
}

function keys(at, group, known, table) {
  if (at.depth === 0 && !at.inFlow && !/^\s*-/.test(at.part)) return Object.entries(SECTIONS).map(([word, means]) => ({ word, means, text: word === "model" ? "model: sdm/1" : `${word}:` }));
  const own = { components: ["id", "kind"], boundaries: ["id", "kind"], data: ["id"], edges: ["from", "to", "kind"], decisions: ["id"], design: ["id"] }[at.section] ?? [];
  if (at.section === "defaults" && !at.group) return Object.entries(table.kinds).map(([word, one]) => ({ word, means: one.title, text: `${word}:` }));
  const heads = new Map(group ? [] : own.map((word) => [word, ""]));
  Object.entries(known).forEach(([path, one]) => {
    if (group && !path.startsWith(`${group}.`)) return;
    const rest = group ? path.slice(group.length + 1) : path;
    const [head, ...more] = rest.split(".");
    if (!heads.has(head)) heads.set(head, more.length ? "a group of settings" : one.means + (one.unit ? ` (${one.unit})` : ""));
  });
  const stated = (word) => word !== at.word && new RegExp(`(^|[{,\\s])${word}:`).test(at.part);
  return [...heads].filter(([word]) => !stated(word)).map(([word, means]) => ({ word, means, text: `${word}: ` }));
}

function values(text, section, path, known, table) {
  if (path === "kind") {
    const rows = section === "edges" ? table.edges : section === "components" ? table.kinds : {};
    if (section === "boundaries") return table.boundaries.map((word) => ({ word, means: "" }));
    return Object.entries(rows).map(([word, one]) => ({ word, means: one.title }));
  }
  if (section === "edges" && (path === "from" || path === "to")) return ids(text, ["component"], table);
  const one = known[path];
  if (!one) return [];
  const unknown = { word: "unknown", means: "not known yet" };
  if (one.words) return [...one.words.map((word) => ({ word, means: "" })), unknown];
  return one.refers ? [...ids(text, one.refers, table), unknown] : [];
}

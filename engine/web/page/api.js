// The calls to the server: each bears the token that came once with the address of the page.

/** What the server refuses: its sentence, its HTTP status (0: it does not answer) and its answer. */
class Refusal extends Error {
  constructor(status, answer = {}) {
    super(answer.error ?? "");
    this.status = status;
    this.answer = answer;
    this.faults = answer.faults;
  }
}

/** Keep the token in this tab, and take it out of the address and the history; whether there is one. */
export function takeToken() {
  if (/^#[^/]/.test(location.hash) && location.hash !== "#main") {
    sessionStorage.setItem("token", location.hash.slice(1));
    history.replaceState(null, "", "/");
  }
  return Boolean(sessionStorage.getItem("token"));
}

let isStopped = false;
const emit = (name, detail) => document.dispatchEvent(new CustomEvent(name, {detail}));

function setStopped(stopped) {
  if (stopped !== isStopped) emit("server", {stopped});
  isStopped = stopped;
}

async function call(path, parameters = {}, options = {}, type = "") {
  const headers = {Authorization: `Bearer ${sessionStorage.getItem("token")}`, ...type && {"Content-Type": type}};
  let answer;
  try {
    answer = await fetch(`/api/${path}?${new URLSearchParams(parameters)}`, {...options, headers});
  } catch {
    setStopped(true);
    throw new Refusal(0);
  }
  setStopped(false);
  if (answer.status === 401) emit("no-token");
  if (!answer.ok) throw new Refusal(answer.status, await answer.json());
  return answer.json();
}

export const get = call;
export const post = (path, content) => call(path, {}, {method: "POST", body: JSON.stringify(content)}, "application/json");
export const upload = file => call("upload", {name: file.name}, {method: "POST", body: file}, "application/octet-stream");

/** Follow a task of the server until it ends: `show` gets each line. Its result, or a Refusal. */
export async function follow(task, show) {
  for (let after = 0; ;) {
    const now = await get("task", {after});
    if (now.task !== task) throw new Refusal(410);
    now.lines.forEach(show);
    after = now.next;
    if (now.done && now.error) throw new Refusal(422, now);
    if (now.done) return now.result;
  }
}

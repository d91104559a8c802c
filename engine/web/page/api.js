// The calls to the server: each bears the token that came once with the address of the page.

const KEY = "token";

/** What the server refuses: its sentence, its HTTP status (0: it does not answer) and its answer. */
export class Refusal extends Error {
  constructor(status, answer) {
    super(answer.error);
    this.status = status;
    this.answer = answer;
    this.faults = answer.faults ?? [];
  }
}

/** Keep the token in this tab, and take it out of the address and the history. */
export function takeToken() {
  const token = location.hash.slice(1);
  if (token && !token.startsWith("/") && token !== "main") {
    sessionStorage.setItem(KEY, token);
    history.replaceState(null, "", "/");
  }
  return sessionStorage.getItem(KEY) !== null;
}

let isStopped = false;

function setStopped(stopped) {
  if (stopped === isStopped) return;
  isStopped = stopped;
  document.dispatchEvent(new CustomEvent("server", {detail: {stopped}}));
}

async function call(path, options = {}) {
  let answer;
  try {
    answer = await fetch(`/api/${path}`, {
      ...options, headers: {...options.headers, Authorization: `Bearer ${sessionStorage.getItem(KEY)}`},
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    setStopped(true);
    throw new Refusal(0, {error: ""});
  }
  setStopped(false);
  if (answer.status === 401) document.dispatchEvent(new CustomEvent("no-token"));
  if (!answer.ok) throw new Refusal(answer.status, await answer.json().catch(() => ({error: answer.statusText})));
  return answer;
}

const query = parameters => {
  const words = new URLSearchParams(parameters).toString();
  return words && `?${words}`;
};

export const get = async (path, parameters = {}) => (await call(path + query(parameters))).json();

export const post = async (path, content) => (await call(path, {
  method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(content),
})).json();

export const upload = async file => (await call(`upload${query({name: file.name || "image.png"})}`, {
  method: "POST", headers: {"Content-Type": "application/octet-stream"}, body: file,
})).json();

/** The address, in this page alone, of a picture of the site; whoever shows it revokes it. */
export const picture = async source => URL.createObjectURL(await (await call(`file${query({source})}`)).blob());

/** Follow a task of the server until it ends: `tell` gets each line. Its result, or a Refusal. */
export async function follow(task, tell) {
  for (let after = 0; ;) {
    const now = await get("task", {after});
    if (now.task !== task) throw new Refusal(410, {error: ""});
    now.lines.forEach(tell);
    after = now.next;
    if (!now.done) continue;
    if (now.error) throw new Refusal(422, now);
    return now.result;
  }
}
